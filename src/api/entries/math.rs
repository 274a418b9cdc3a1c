//! `Math`.

use crate::api::arguments::MOST;
use crate::api::table::Entry;

/// The entries.
pub const ENTRIES: &[Entry] = &[
    Entry::property("Math", "PI", "The circumference of a circle of diameter 1, 3.141592653589793.").example(
        r#"
console.log((2 * Math.PI * 0.5).toFixed(2)); //=> 3.14
"#,
    ),
    Entry::property("Math", "E", "The base of natural logarithms, 2.718281828459045.").example(
        r#"
console.log(Math.log(Math.E)); //=> 1
"#,
    ),
    Entry::property("Math", "LN2", "The natural logarithm of 2, 0.6931471805599453.").example(
        r#"
console.log(Math.exp(Math.LN2)); //=> 2
"#,
    ),
    Entry::property("Math", "LN10", "The natural logarithm of 10, 2.302585092994046.").example(
        r#"
console.log(Math.LN10 == Math.log(10)); //=> true
"#,
    ),
    Entry::property("Math", "LOG2E", "The logarithm of e to base 2, 1.4426950408889634.").example(
        r#"
console.log(Math.LOG2E == 1 / Math.LN2); //=> true
"#,
    ),
    Entry::property("Math", "LOG10E", "The logarithm of e to base 10, 0.4342944819032518.").example(
        r#"
console.log(Math.LOG10E == 1 / Math.LN10); //=> true
"#,
    ),
    Entry::property("Math", "SQRT2", "The square root of 2, 1.4142135623730951.").example(
        r#"
let peak = 230 * Math.SQRT2; // of mains voltage
console.log(Math.round(peak)); //=> 325
"#,
    ),
    Entry::property("Math", "SQRT1_2", "The square root of one half, 0.7071067811865476.").example(
        r#"
console.log(Math.SQRT1_2.toFixed(3)); //=> 0.707
"#,
    ),
    Entry::function("Math", "floor", (1, 1), "x", "The integer at or below.").example(
        r#"
console.log(Math.floor(21.7), Math.floor(-21.2)); //=> 21 -22
"#,
    ),
    Entry::function("Math", "ceil", (1, 1), "x", "The integer at or above.").example(
        r#"
console.log(Math.ceil(21.2), Math.ceil(-21.7)); //=> 22 -21
"#,
    ),
    Entry::function("Math", "round", (1, 1), "x", "The nearest integer, halves upwards.").example(
        r#"
console.log(Math.round(21.5), Math.round(-21.5)); //=> 22 -21
"#,
    ),
    Entry::function("Math", "trunc", (1, 1), "x", "The integer without the fraction, towards 0.").example(
        r#"
console.log(Math.trunc(21.7), Math.trunc(-21.7)); //=> 21 -21
"#,
    ),
    Entry::function("Math", "abs", (1, 1), "x", "The number without its sign.").example(
        r#"
let change = 18.5 - 21;
console.log(Math.abs(change)); //=> 2.5
"#,
    ),
    Entry::function("Math", "sign", (1, 1), "x", "-1, 0 or 1: whether the number is below, at or above 0.").example(
        r#"
console.log(Math.sign(18 - 21), Math.sign(0), Math.sign(0.5)); //=> -1 0 1
"#,
    ),
    Entry::function(
        "Math",
        "min",
        (0, MOST),
        "...values",
        "The least of the values; Infinity without values, NaN if one is no number.",
    )
    .example(
        r#"
console.log(Math.min(21, 18.5, 23)); //=> 18.5
"#,
    ),
    Entry::function(
        "Math",
        "max",
        (0, MOST),
        "...values",
        "The greatest of the values; -Infinity without values, NaN if one is no number.",
    )
    .example(
        r#"
let degrees = 7;
console.log(Math.max(16, Math.min(degrees, 25))); //=> 16
"#,
    ),
    Entry::function("Math", "random", (0, 0), "", "A float from 0 up to but not including 1.").example(
        r#"
let drift = Math.random() - 0.5;
console.log(drift >= -0.5 && drift < 0.5); //=> true
"#,
    ),
    Entry::function("Math", "pow", (2, 2), "x, y", "`x` to the power of `y`; Rhai's `x ** y`.").example(
        r#"
console.log(Math.pow(2, 10), Math.pow(9, 0.5)); //=> 1024 3
"#,
    ),
    Entry::function("Math", "atan2", (2, 2), "y, x", "The angle of the point (`x`, `y`) in radians, -π to π.").example(
        r#"
let heading = Math.atan2(1, 1) * 180 / Math.PI;
console.log(heading); //=> 45
"#,
    ),
    Entry::function(
        "Math",
        "hypot",
        (0, MOST),
        "...values",
        "The square root of the sum of the squares of the values.",
    )
    .example(
        r#"
console.log(Math.hypot(3, 4)); //=> 5
"#,
    ),
    Entry::function(
        "Math",
        "imul",
        (2, 2),
        "a, b",
        "The product as a signed number of 32 bits; what does not fit is cut off. For checksums.",
    )
    .example(
        r#"
console.log(Math.imul(0x7fffffff, 2)); //=> -2
"#,
    ),
    Entry::function("Math", "clz32", (1, 1), "x", "How many of 32 bits are 0 before the first 1.").example(
        r#"
console.log(Math.clz32(1), Math.clz32(0)); //=> 31 32
"#,
    ),
    Entry::function(
        "Math",
        "fround",
        (1, 1),
        "x",
        "The number rounded to single precision, as `writeFloatBE` stores it.",
    )
    .example(
        r#"
console.log(Math.fround(5.5), Math.fround(5.05)); //=> 5.5 5.050000190734863
"#,
    ),
    Entry::function("Math", "sqrt", (1, 1), "x", "The square root; NaN below 0.").example(
        r#"
console.log(Math.sqrt(16), Math.sqrt(-1)); //=> 4 NaN
"#,
    ),
    Entry::function("Math", "cbrt", (1, 1), "x", "The cube root.").example(
        r#"
console.log(Math.cbrt(27)); //=> 3
"#,
    ),
    Entry::function("Math", "exp", (1, 1), "x", "e to the power of `x`.").example(
        r#"
console.log(Math.exp(0)); //=> 1
"#,
    ),
    Entry::function("Math", "expm1", (1, 1), "x", "`Math.exp(x) - 1`, exact also near 0.").example(
        r#"
console.log(Math.expm1(0.0000000001)); //=> 1.00000000005e-10
"#,
    ),
    Entry::function("Math", "log", (1, 1), "x", "The natural logarithm; NaN below 0.").example(
        r#"
console.log(Math.log(1), Math.log(0)); //=> 0 -Infinity
"#,
    ),
    Entry::function("Math", "log1p", (1, 1), "x", "`Math.log(1 + x)`, exact also near 0.").example(
        r#"
console.log(Math.log1p(0)); //=> 0
"#,
    ),
    Entry::function("Math", "log2", (1, 1), "x", "The logarithm to base 2.").example(
        r#"
console.log(Math.log2(1024)); //=> 10
"#,
    ),
    Entry::function("Math", "log10", (1, 1), "x", "The logarithm to base 10.").example(
        r#"
let decibel = 10 * Math.log10(1000);
console.log(decibel); //=> 30
"#,
    ),
    Entry::function("Math", "sin", (1, 1), "x", "The sine of an angle in radians.").example(
        r#"
console.log(Math.sin(Math.PI / 2)); //=> 1
"#,
    ),
    Entry::function("Math", "cos", (1, 1), "x", "The cosine of an angle in radians.").example(
        r#"
console.log(Math.cos(Math.PI)); //=> -1
"#,
    ),
    Entry::function("Math", "tan", (1, 1), "x", "The tangent of an angle in radians.").example(
        r#"
console.log(Math.tan(Math.PI / 4).toFixed(3)); //=> 1.000
"#,
    ),
    Entry::function("Math", "asin", (1, 1), "x", "The angle in radians whose sine it is; NaN outside -1 to 1.")
        .example(
            r#"
console.log(Math.asin(1) == Math.PI / 2); //=> true
"#,
        ),
    Entry::function("Math", "acos", (1, 1), "x", "The angle in radians whose cosine it is; NaN outside -1 to 1.")
        .example(
            r#"
console.log(Math.acos(-1) == Math.PI); //=> true
"#,
        ),
    Entry::function("Math", "atan", (1, 1), "x", "The angle in radians whose tangent it is.").example(
        r#"
console.log(Math.atan(1) == Math.PI / 4); //=> true
"#,
    ),
    Entry::function("Math", "sinh", (1, 1), "x", "The hyperbolic sine.").example(
        r#"
console.log(Math.sinh(0)); //=> 0
"#,
    ),
    Entry::function("Math", "cosh", (1, 1), "x", "The hyperbolic cosine.").example(
        r#"
console.log(Math.cosh(0)); //=> 1
"#,
    ),
    Entry::function("Math", "tanh", (1, 1), "x", "The hyperbolic tangent, -1 to 1.").example(
        r#"
console.log(Math.tanh(0), Math.tanh(Infinity)); //=> 0 1
"#,
    ),
    Entry::function("Math", "asinh", (1, 1), "x", "The inverse of the hyperbolic sine.").example(
        r#"
console.log(Math.asinh(0)); //=> 0
"#,
    ),
    Entry::function("Math", "acosh", (1, 1), "x", "The inverse of the hyperbolic cosine; NaN below 1.").example(
        r#"
console.log(Math.acosh(1)); //=> 0
"#,
    ),
    Entry::function("Math", "atanh", (1, 1), "x", "The inverse of the hyperbolic tangent; NaN outside -1 to 1.")
        .example(
            r#"
console.log(Math.atanh(0), Math.atanh(2)); //=> 0 NaN
"#,
        ),
];
