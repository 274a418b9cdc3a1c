#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mqttscript_fuzz::script(bytes));
