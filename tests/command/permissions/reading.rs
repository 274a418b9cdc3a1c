//! `--allow-read`.

use super::{outside, path, refused};
use crate::support::script::Script;

#[test]
fn files_beside_the_script_and_below_need_no_flag() {
    Script::new(
        "console.log(fs.readFileSync(\"a\", \"utf8\") + fs.readFileSync(\"b/c/d\", \"utf8\"), fs.readdirSync(\"b\"));",
    )
    .file("a", "1")
    .file("b/c/d", "2")
    .stdout("12 [ 'c' ]\n")
    .run();
    Script::new("console.log(fs.existsSync(\"none\"), fs.existsSync(\"b/../a\"), fs.statSync(\".\").isDirectory());")
        .file("a", "1")
        .file("b/c", "2")
        .stdout("false true true\n")
        .run();
}

#[test]
fn a_file_elsewhere_is_refused_with_the_flag_to_add() {
    let folder = outside();
    let secret = path(&folder, "secret");
    let line = format!("fs.readFileSync(\"{secret}\");");
    Script::new(&line)
        .code(1)
        .stderr(refused(
            "1:4",
            &format!("read `{secret}`"),
            &line,
            "   ^^^^^^^^^^^^",
            &format!("run it with `--allow-read={secret}` before the script"),
        ))
        .run();
}

#[test]
fn the_flag_of_the_help_is_all_it_takes() {
    let folder = outside();
    let secret = path(&folder, "secret");
    let text = format!("console.log(fs.readFileSync(\"{secret}\", \"utf8\"));");
    let refused = Script::new(&text).outcome();
    let flag = refused.stderr.split('`').find(|part| part.starts_with("--allow-")).expect("the help names a flag");
    Script::new(&text).flag(flag).stdout("secret text\n").run();
}

#[test]
fn a_folder_allows_all_below_it_but_not_its_namesakes() {
    let folder = outside();
    std::fs::create_dir_all(folder.path().join("data/deep")).expect("a folder");
    std::fs::create_dir(folder.path().join("data2")).expect("a folder");
    for file in ["data/deep/file", "data2/file"] {
        std::fs::write(folder.path().join(file), "text").expect("a file");
    }
    let flag = format!("--allow-read={}", path(&folder, "data"));
    Script::new(format!("console.log(fs.readFileSync(\"{}\", \"utf8\"));", path(&folder, "data/deep/file")))
        .flag(&flag)
        .stdout("text\n")
        .run();
    for refused in ["data2/file", "data2", "secret", "data/../secret", ""] {
        Script::new(format!(
            "try {{ fs.statSync(\"{}\") }} catch (e) {{ console.log(e.code); }}",
            path(&folder, refused)
        ))
        .flag(&flag)
        .stdout("ERR_ACCESS_DENIED\n")
        .run();
    }
}

#[test]
fn without_a_value_everything_may_be_read() {
    let folder = outside();
    Script::new(format!("console.log(fs.readFileSync(\"{}\", \"utf8\"));", path(&folder, "secret")))
        .flag("--allow-read")
        .stdout("secret text\n")
        .run();
}

#[test]
fn several_paths_by_comma_and_by_repeated_flags() {
    let folders = [outside(), outside(), outside()];
    let [a, b, c] = folders.each_ref().map(|folder| path(folder, "secret"));
    Script::new(format!("for file in [\"{a}\", \"{b}\", \"{c}\", \"own\"] {{ console.log(fs.existsSync(file)); }}"))
        .file("own", "")
        .flag(format!("--allow-read={a},{b}"))
        .flag(format!("--allow-read={c}"))
        .stdout("true\ntrue\ntrue\ntrue\n")
        .run();
}

#[test]
fn a_doubled_comma_belongs_to_the_path() {
    let folder = outside();
    std::fs::write(folder.path().join("a,b"), "text").expect("a file");
    let text = format!("console.log(fs.readFileSync(\"{}\", \"utf8\"));", path(&folder, "a,b"));
    Script::new(&text).flag(format!("--allow-read={}", path(&folder, "a,,b"))).stdout("text\n").run();
    let refused = Script::new(&text).outcome();
    assert!(refused.stderr.contains("/a,,b` before the script"), "{refused}");
}

#[test]
fn a_refusal_is_caught_like_any_error() {
    Script::new("try { fs.readFileSync(\"/no/such\") } catch (e) { console.log(e); }")
        .stdout(
            "Error: Requires read access to \"/no/such\", run again with the --allow-read flag {\n  code: \
             'ERR_ACCESS_DENIED',\n  permission: 'FileSystemRead',\n  resource: '/no/such'\n}\n",
        )
        .run();
}

#[test]
fn whether_a_file_is_there_is_not_told_either() {
    let folder = outside();
    for name in ["secret", "none"] {
        Script::new(format!(
            "try {{ console.log(fs.existsSync(\"{}\")); }} catch (e) {{ console.log(e.permission); }}",
            path(&folder, name)
        ))
        .stdout("FileSystemRead\n")
        .run();
    }
}

#[test]
fn beside_means_beside_the_script_not_the_current_folder() {
    let folder = outside();
    std::fs::write(
        folder.path().join("main.rhai"),
        "console.log(fs.existsSync(DIR + \"/secret\")); fs.statSync(\"here\");"
            .replace("DIR", &format!("\"{}\"", path(&folder, ""))),
    )
    .expect("a file");
    let outcome = Script::bare().file("here", "").flag(path(&folder, "main.rhai")).outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), "true\n"));
    assert!(outcome.stderr.contains("help: run it with `--allow-read=here` before the script\n"), "{outcome}");
}

#[test]
fn code_without_a_file_stands_in_the_current_folder() {
    let code = "console.log(fs.existsSync(\"a\")); fs.statSync(\"..\");";
    let eval = Script::bare().file("a", "").flag("-e").flag(code).outcome();
    let stdin = Script::bare().file("a", "").flag("-").stdin(code).outcome();
    for outcome in [eval, stdin] {
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), "true\n"));
        assert!(outcome.stderr.contains("help: run it with `--allow-read=..` before the script\n"), "{outcome}");
    }
}

#[test]
fn certificates_that_an_option_names_are_read_too() {
    let folder = outside();
    let secret = path(&folder, "secret");
    for option in ["ca", "cert", "key"] {
        let outcome =
            Script::new(format!("mqtt.connect(\"mqtts://localhost:1\", #{{{option}: \"{secret}\"}});")).outcome();
        assert_eq!(outcome.code, Some(1));
        assert!(outcome.stderr.starts_with(&format!("error: the program may not read `{secret}`\n")), "{outcome}");
        assert!(outcome.stderr.contains(&format!("`--allow-read={secret}`")), "{outcome}");
    }
    Script::new(format!(
        "try {{ require(\"tls\").connect(#{{port: 1, ca: [\"{secret}\"]}}) }} catch (e) {{ console.log(e.permission); }}"
    ))
    .stdout("FileSystemRead\n")
    .run();
}

#[test]
fn modules_elsewhere_are_refused() {
    let folder = outside();
    std::fs::write(folder.path().join("lib.rhai"), "fn hi() { console.log(\"hi\"); }").expect("a file");
    let line = format!("import \"{}\" as lib;", path(&folder, "lib"));
    let text = format!("{line}\nlib::hi();");
    let file = path(&folder, "lib.rhai");
    Script::new(&text)
        .code(1)
        .stderr(refused(
            "1:8",
            &format!("read `{file}`"),
            &line,
            &format!("       {}", "^".repeat(path(&folder, "lib").len() + 2)),
            &format!("run it with `--allow-read={file}` before the script"),
        ))
        .run();
    Script::new(&text).flag(format!("--allow-read={file}")).stdout("hi\n").run();
    Script::new(&text).flag("--allow-read").stdout("hi\n").run();
}

#[test]
fn modules_beside_the_script_and_standard_ones_need_no_flag() {
    Script::new(
        "import \"below/lib\" as lib; import \"topic\" as topic; lib::hi(); console.log(topic::join([\"a\", \"b\"]));",
    )
    .file("below/lib.rhai", "import \"../other\" as other; fn hi() { console.log(\"hi\"); }")
    .file("other.rhai", "")
    .stdout("hi\na/b\n")
    .run();
}
