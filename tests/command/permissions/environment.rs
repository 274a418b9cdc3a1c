//! `--allow-env`.

use super::refused;
use crate::support::script::Script;

#[test]
fn variables_are_refused_with_the_flag_to_add() {
    let line = "let url = process.env.MQTT_URL;";
    Script::new(line)
        .env("MQTT_URL", "x")
        .code(1)
        .stderr(refused(
            "1:22",
            "see the environment variable `MQTT_URL`",
            line,
            "                     ^",
            "run it with `--allow-env=MQTT_URL` before the script",
        ))
        .run();
}

#[test]
fn whether_one_is_set_is_not_told_either() {
    Script::new("for name in [\"SET\", \"UNSET\"] { try { process.env[name] } catch (e) { console.log(e.permission, e.resource); } }")
        .env("SET", "1")
        .stdout("Env SET\nEnv UNSET\n")
        .run();
    Script::new("try { \"SET\" in process.env } catch (e) { console.log(e); }")
        .env("SET", "1")
        .stdout(
            "Error: Requires env access to \"SET\", run again with the --allow-env flag {\n  code: \
             'ERR_ACCESS_DENIED',\n  permission: 'Env',\n  resource: 'SET'\n}\n",
        )
        .run();
}

#[test]
fn names_that_are_allowed() {
    Script::new("console.log(process.env.A, process.env[\"B\"], process.env.UNSET, process.env.UNSET ?? \"default\"); process.env.C;")
        .env("A", "1")
        .env("B", "2")
        .env("C", "3")
        .flag("--allow-env=A,B")
        .flag("--allow-env=UNSET")
        .code(1)
        .stdout("1 2 undefined default\n")
        .stderr("error: the program may not see the environment variable `C`\n[..]\n[..]\n[..]\n[..]\nhelp: run it with `--allow-env=C` before the script\n")
        .run();
}

#[test]
fn a_star_stands_for_any_rest() {
    Script::new("console.log(process.env); process.env.NQTT;")
        .env("MQTT_URL", "1")
        .env("MQTT_USER", "2")
        .env("NQTT", "3")
        .flag("--allow-env=MQTT_*")
        .code(1)
        .stdout("{ MQTT_URL: '1', MQTT_USER: '2' }\n")
        .stderr("error: the program may not see the environment variable `NQTT`\n[..]\n[..]\n[..]\n[..]\nhelp: run it with `--allow-env=NQTT` before the script\n")
        .run();
}

#[test]
fn only_allowed_names_are_listed() {
    let show = "console.log(process.env, Object.keys(process.env), process.env.keys(), JSON.stringify(process.env), process.env.len());";
    Script::new(show).env("A", "1").stdout("{} [] [] {} 0\n").run();
    Script::new(show)
        .env("A", "1")
        .env("B", "2")
        .flag("--allow-env=A,C")
        .stdout("{ A: '1' } [ 'A' ] [ 'A' ] {\"A\":\"1\"} 1\n")
        .run();
}

#[test]
fn without_a_value_everything_may_be_seen() {
    Script::new("console.log(process.env.A, process.env.keys().contains(\"PATH\"), process.env.values().len() == process.env.len(), \"A\" in process.env, process.env.hasOwnProperty(\"Z\"));")
        .env("A", "1")
        .flag("--allow-env")
        .stdout("1 true true true false\n")
        .run();
}

#[test]
fn what_is_assigned_is_text_and_stays_in_the_program() {
    Script::new(
        "process.env.A = 5; let env = process.env; env.B = true; console.log(process.env, process.env.get(\"A\") + 1);",
    )
    .flag("--allow-env=A,B")
    .stdout("{ A: '5', B: 'true' } 51\n")
    .run();
    Script::new("try { process.env.A = 5; } catch (e) { console.log(e.resource); } console.log(process.env);")
        .stdout("A\n{}\n")
        .run();
}

#[test]
fn the_rest_of_process_needs_no_flag() {
    Script::new("console.log(process.argv[2], process.cwd() != \"\", process.pid > 0, process.platform != \"\", process.memoryUsage().rss > 0, process.uptime() >= 0.0);")
        .arg("x")
        .stdout("x true true true true true\n")
        .run();
}
