//! Arrays: JavaScript's results, and Rhai's where the names meet.

use crate::api::tests::shown;

#[test]
fn parts_and_searches() {
    assert_eq!(
        shown(
            "let a = [1, 2, 3, 2]; [a.indexOf(2), a.lastIndexOf(2), a.indexOf(2, 2), a.indexOf(9), a.includes(3.0), a.at(-1), a.at(9), a.length]"
        ),
        "[ 1, 3, 3, -1, true, 2, undefined, 4 ]"
    );
    assert_eq!(
        shown("let a = [1, 2, 3, 4]; [a.slice(1), a.slice(-2), a.slice(1, -1), a.slice(3, 1)]"),
        "[ [ 2, 3, 4 ], [ 3, 4 ], [ 2, 3 ], [] ]"
    );
    assert_eq!(
        shown("[[1, 2].concat(3, [4, [5]]), [1, [2, [3, [4]]]].flat(), [1, [2, [3]]].flat(9)]"),
        "[ [ 1, 2, 3, 4, [ 5 ] ], [ 1, 2, [ 3, [Array] ] ], [ 1, 2, 3 ] ]"
    );
    assert_eq!(shown("[[1, 2.0, \"x\", ()].join(), [1, 2].join(\" - \")]"), "[ '1,2,x,', '1 - 2' ]");
    assert_eq!(
        shown("let a = [5, 6]; [a.keys(), a.entries(), a.values()]"),
        "[ [ 0, 1 ], [ [ 0, 5 ], [ 1, 6 ] ], [ 5, 6 ] ]"
    );
}

#[test]
fn callbacks_take_as_many_arguments_as_they_like() {
    assert_eq!(
        shown("[[1, 2].map(|x| x * 2), [1, 2].map(|x, i| x * i), [1, 2].map(|x, i, a| a.len()), [1, 2].map(|| 7)]"),
        "[ [ 2, 4 ], [ 0, 2 ], [ 2, 2 ], [ 7, 7 ] ]"
    );
    assert_eq!(shown("let sum = 0; [1, 2, 3].forEach(|x| sum += x); sum"), "6");
    assert_eq!(shown("let s = \"\"; [\"a\", \"b\"].forEach(|x, i| s += i + x); s"), "0a1b");
    assert_eq!(
        shown("[1, 2].map(|a, b, c, d| a)"),
        "TypeError: the callback of `map` takes 4 parameters, but it is given 3 (element, index, array)"
    );
    assert_eq!(shown("[1].forEach(5)"), "TypeError: `forEach` takes a function as `f` but got an integer");
}

#[test]
fn callbacks_choose() {
    assert_eq!(
        shown(
            "let a = [1, 2, 3, 4]; [a.filter(|x| x % 2 == 0), a.find(|x| x > 2), a.findIndex(|x| x > 2), a.findLast(|x| x < 3), a.findLastIndex(|x| x > 9)]"
        ),
        "[ [ 2, 4 ], 3, 2, 2, -1 ]"
    );
    assert_eq!(
        shown(
            "let a = [0, 1, \"\", \"x\", (), 2.0]; [a.filter(|x| x), a.some(|x| x), a.every(|x| x), a.find(|x| x == 9)]"
        ),
        "[ [ 1, 'x', 2 ], true, false, undefined ]"
    );
    assert_eq!(shown("[1, 2].flatMap(|x| [x, x * 10])"), "[ 1, 10, 2, 20 ]");
}

#[test]
fn folding_starts_as_in_rhai() {
    assert_eq!(shown("[1, 2, 3].reduce(|sum, x| sum + x, 10)"), "16");
    assert_eq!(shown("[1, 2, 3].reduce(|sum, x, i| sum + x * i, 0)"), "8");
    assert_eq!(shown("[1, 2, 3].reduce(|sum, x| if sum.type_of() == \"()\" { x } else { sum + x })"), "6");
    assert_eq!(shown("[\"a\", \"b\", \"c\"].reduceRight(|all, x| all + x)"), "cba");
}

#[test]
fn changes_return_what_javascript_returns() {
    assert_eq!(shown("let a = [1]; let n = a.push(2, 3); [n, a]"), "[ 3, [ 1, 2, 3 ] ]");
    assert_eq!(shown("let a = [3]; let n = a.unshift(1, 2); [n, a, a.shift(), a.pop()]"), "[ 3, [ 1, 2, 3 ], 1, 3 ]");
    assert_eq!(shown("let a = [1, 2, 3]; let b = a.reverse(); [a, b]"), "[ [ 3, 2, 1 ], [ 3, 2, 1 ] ]");
    assert_eq!(
        shown("let a = [1, 2, 3, 4]; let r = a.splice(1, 2, \"x\", \"y\"); [r, a, a.splice(2), a.splice(-1, 1)]"),
        "[ [ 2, 3 ], [ 1, 'x', 'y', 4 ], [ 'y', 4 ], [ 'x' ] ]"
    );
    assert_eq!(shown("let a = [1, 2, 3]; let r = a.splice(0, 1, [8, 9]); [r, a]"), "[ [ 1 ], [ 8, 9, 2, 3 ] ]");
    assert_eq!(shown("let a = [1, 2, 3]; a.splice(0..1, [8]); a.fill(0, 1); a"), "[ 8, 0, 0 ]");
}

#[test]
fn sorts_by_numbers_or_bools() {
    assert_eq!(shown("let a = [10, 9, 1]; let b = a.sort(); [a, b]"), "[ [ 1, 9, 10 ], [ 1, 9, 10 ] ]");
    assert_eq!(shown("let a = [1, 3, 2]; a.sort(|a, b| b - a); a"), "[ 3, 2, 1 ]");
    assert_eq!(shown("let a = [1, 3, 2, 3]; a.sort(|a, b| a > b); a"), "[ 3, 3, 2, 1 ]");
    assert_eq!(shown("let a = [\"b\", \"a\"]; a.sort(); a"), "[ 'a', 'b' ]");
    assert_eq!(shown("let a = [2, 1]; a.sort(|a, b| throw Error(\"no\")); a"), "Error: no");
    assert_eq!(
        shown(
            "let a = [#{n: 1, k: \"a\"}, #{n: 0, k: \"b\"}, #{n: 1, k: \"c\"}]; a.sort(|x, y| x.n - y.n); a.map(|x| x.k).join()"
        ),
        "b,a,c"
    );
}

#[test]
fn what_rhai_could_do_it_still_can() {
    assert_eq!(shown("let a = [1, 2, 3]; a.for_each(|| this *= 2); a"), "[ 2, 4, 6 ]");
    assert_eq!(shown("[1, 2, 3].map(|| this * 2)"), "[ 2, 4, 6 ]");
    assert_eq!(shown("[1, 2, 3].filter(|v, i| v > 1 && i < 2)"), "[ 2 ]");
    assert_eq!(shown("[1, 2, 3].reduce(|sum, v| sum + v, || 5)"), "11");
    assert_eq!(shown("let a = [1, 2]; a.push(3); a += 4; a.len()"), "4");
    assert_eq!(shown("fn double(x) { x * 2 } [1, 2].map(double)"), "[ 2, 4 ]");
    assert_eq!(shown("[1, 2].map(Fn(\"to_string\"))"), "[ '1', '2' ]");
    assert_eq!(shown("[1, 5, 2].reduce(Fn(\"max\"), 0)"), "5");
    assert_eq!(
        shown("[1, 2].map(Fn(\"no_such\"))"),
        "Function not found: no_such (i64, i64, array) (line 1, position 8)"
    );
}

#[test]
fn array_makes_arrays() {
    assert_eq!(
        shown(
            "[Array.isArray([]), Array.isArray(\"\"), Array.of(1, 2), Array.from(\"ab\"), Array.from(0..3), Array.from(Buffer.from(\"a\"))]"
        ),
        "[ true, false, [ 1, 2 ], [ 'a', 'b' ], [ 0, 1, 2 ], [ 97 ] ]"
    );
    assert_eq!(shown("Array.from(#{length: 3}, |_x, i| i * i)"), "[ 0, 1, 4 ]");
}

/// As the runtime does for top-level variables: shared values that `on_var` answers.
#[test]
fn a_callback_may_use_the_global_array_it_runs_over() {
    let (mut engine, mut scope) = crate::api::tests::engine();
    let list = rhai::Dynamic::from(vec![rhai::Dynamic::from(2_i64), 1_i64.into()]).into_shared();
    let global = list.clone();
    #[allow(deprecated)]
    engine.on_var(move |name, _, _| Ok((name == "list").then(|| global.clone())));
    let script = "list.forEach(|x| list.push(x + 10));
        list.map(|x| { list.unshift(x); x });
        list.sort(|a, b| a - b + list.len() * 0);
        list.filter(|x| list.includes(x));
        list.splice(0, 1);
        list.reverse();
        list.fill(0, 5);
        list.push(5)";
    let length = engine.eval_with_scope::<i64>(&mut scope, script).expect("no data race");
    assert_eq!(length, 8);
    assert_eq!(crate::api::inspect::inspect(&list), "[\n  12, 12, 11, 11,\n   2,  0,  0,  5\n]");
}

#[test]
fn a_constant_array_stays() {
    assert_eq!(shown("const A = [1]; A.push(2)"), "TypeError: Cannot modify a constant array");
    assert_eq!(shown("const A = [1]; [A.map(|x| x + 1), A.slice(0), A.includes(1)]"), "[ [ 2 ], [ 1 ], true ]");
}
