use crate::script;
use crate::support::peer::Peer;
use crate::support::script::Running;

/// Starts `text` behind `let c = mqtt.connect(BROKER, OPTIONS); trace(c);`.
pub fn traced(peer: &Peer, options: &str, text: &str) -> Running {
    traced_at(&peer.url(), options, text)
}

pub fn traced_at(url: &str, options: &str, text: &str) -> Running {
    let text = format!("let c = mqtt.connect(\"BROKER\", #{{{options}}}); trace(c);\n{text}");
    script(url, &text).spawn()
}

/// The next lines of standard output are these.
#[track_caller]
pub fn prints(running: &mut Running, wanted: &str) {
    for line in wanted.lines().map(str::trim) {
        assert_eq!(running.next_line(), line, "wanted\n{wanted}\ngot\n{}", running.stdout_so_far());
    }
}

/// The rest of standard output is this, and then the program ends with `code`.
#[track_caller]
pub fn ends(mut running: Running, code: i32, wanted: &str) {
    prints(&mut running, wanted);
    let so_far = running.stdout_so_far();
    let outcome = running.outcome();
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str(), outcome.code), (so_far.as_str(), "", Some(code)));
}
