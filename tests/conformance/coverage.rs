//! Which case shows which promise. Each name is `module::case` of this crate, or begins with the path of another file of
//! the repository; that every one of them exists is a test itself.

/// Where `mqttscript` does better than MQTT.js, and what it has alone.
const CONTRACT: &[(&str, &[&str])] = &[
    (
        "map with plain numbers",
        &["subscribing::a_map_of_plain_numbers", "subscribing::the_map_form_takes_numbers_maps_and_empty_maps"],
    ),
    (
        "topic, filter, QoS or option that cannot be: an error at the call, nothing on the wire",
        &[
            "topics::a_topic_that_cannot_be_published_to_goes_to_the_callback_or_is_thrown",
            "topics::wrong_publish_arguments_are_errors_of_the_call",
            "topics::wrong_version_5_properties_are_errors_of_the_call",
            "filters::a_bad_filter_goes_to_the_callback_or_is_thrown_and_nothing_goes_out",
            "filters::wrong_subscribe_arguments_are_errors_of_the_call",
            "options::options_that_cannot_be",
            "option_checks::wrong_types",
        ],
    ),
    ("unknown option: did-you-mean, before dialling", &["option_checks::misspelled_options_at_every_depth"]),
    (
        "payload: text, Buffer, blob, numbers, bools, JSON, nothing",
        &["publishing::what_a_payload_may_be", "publishing::a_closure_is_no_payload"],
    ),
    (
        "unknown or missing scheme",
        &["urls::urls_that_cannot_be", "urls::an_uncaught_url_without_a_scheme_says_what_to_write"],
    ),
    ("options win over credentials and client id of the URL", &["urls::options_win_over_the_url"]),
    ("version 5 properties without `protocolVersion: 5`", &["unheard::version_5_properties_for_an_older_version"]),
    (
        "connection refused, unknown host, TLS failure",
        &[
            "connecting::a_refused_connection",
            "unheard::an_outage_is_told_once",
            "unheard::an_unknown_host",
            "unheard::a_certificate_that_nobody_vouches_for",
        ],
    ),
    (
        "CONNACK refusal",
        &[
            "connecting::a_refused_session",
            "connecting::each_refusal_of_version_5",
            "connecting::a_refused_session_that_is_tried_again",
            "unheard::a_refused_session_ends_the_program",
        ],
    ),
    (
        "`end()` before connect, with unacknowledged messages, with a dead broker",
        &[
            "early_end::connect_publish_end_in_one_go_publishes",
            "early_end::an_end_before_connack_with_something_to_send",
            "early_end::end_gives_up_a_broker_that_is_not_there",
            "closing::an_end_waits_for_acknowledgements",
            "closing::end_does_not_wait_for_ever_for_a_broker_that_never_acknowledges",
        ],
    ),
    (
        "every callback exactly once",
        &[
            "publishing::every_callback_is_called_exactly_once_whatever_happens_to_the_connection",
            "resubscribing::a_connection_lost_before_the_suback",
            "unsubscribing::a_connection_lost_before_the_unsuback",
            "reviving::a_client_that_gave_up_fails_what_it_holds_and_what_it_is_given_until_it_is_revived",
        ],
    ),
    ("callback of QoS 0 after the bytes are out", &["publishing::an_exit_in_the_callback_of_qos_0_loses_nothing"]),
    (
        "replay: call order, DUP, `connect` at once",
        &[
            "resending::three_go_out_again_in_order",
            "resending::a_present_session_goes_on_with_the_same_ids_in_call_order_and_dup_set",
            "resending::without_the_session_everything_is_published_anew_also_what_was_released",
        ],
    ),
    ("a filter already held", &["subscribing::a_filter_that_is_held_is_answered_without_a_packet"]),
    ("one filter refused", &["subscribing::of_a_partly_refused_subscribe_the_rest_stays_and_is_restored"]),
    (
        "limits of the broker",
        &[
            "version_5::no_more_than_receive_maximum_are_unacknowledged",
            "version_5::what_the_broker_does_not_take_is_refused_here",
            "mqtt5::requests_larger_than_the_broker_takes_are_refused_here",
            "mqtt5::subscriptions_the_broker_does_not_have_are_refused_here",
        ],
    ),
    (
        "a listener that throws",
        &["receiving::a_listener_that_throws", "receiving::a_listener_that_throws_under_keep_going"],
    ),
    (
        "the same client id elsewhere",
        &["unheard::a_client_that_is_kicked_out_again_and_again", "unheard::a_client_whose_session_is_taken_over"],
    ),
    (
        "`reconnectPeriod`: a number or a policy",
        &[
            "reconnecting::the_period_between_attempts",
            "reconnecting::reconnects_as_the_policy_says",
            "reconnecting::attempts_are_counted_anew_after_a_connection",
            "unheard::attempts_that_are_used_up_end_the_program",
        ],
    ),
    (
        "closures as options",
        &["connect_packet::closures_give_who_connects", "reconnecting::closures_are_asked_at_each_attempt"],
    ),
    (
        "`ca`, `cert`, `key`",
        &[
            "tls::a_certificate_of_a_trusted_authority",
            "tls::a_broker_that_asks_for_a_certificate",
            "tls::certificates_that_cannot_be_used",
        ],
    ),
    (
        "incoming messages: acknowledged after their callbacks, none dropped",
        &[
            "qos::messages_are_acknowledged_after_their_callbacks_returned",
            "receiving::a_slow_script_stops_reading_and_loses_nothing_and_pings_go_on",
            "overload::ten_minutes_of_qos_0_at_100_a_second",
            "overload::ten_minutes_of_qos_1_at_40_a_second",
            "overload::ten_minutes_of_qos_2_at_5_a_second",
            "overload::what_was_acknowledged_before_a_kill_was_handled",
            "overload::a_call_that_waits_in_the_middle_of_a_flood_fails_before_memory_is_full",
        ],
    ),
    (
        "a broker that breaks the protocol is told why (version 5)",
        &["malformed::version_5_says_why_the_link_is_dropped"],
    ),
    (
        "a publisher faster than its link",
        &[
            "queue::a_message_beyond_the_bound_is_an_error_and_takes_no_place",
            "queue::without_a_callback_there_is_one_error_event_for_many_messages",
            "queue::a_tight_loop_over_a_stalled_link_meets_the_bound",
            "queue::publish_waits_for_room_if_told_to",
            "queue::where_no_room_comes_waiting_ends_with_the_error",
        ],
    ),
    (
        "`on_message`",
        &[
            "on_message::all_that_match_are_called_in_order_of_registration_also_among_message_listeners",
            "on_message::it_does_not_subscribe",
        ],
    ),
    (
        "`request`",
        &[
            "request::a_question_and_its_answer_over_a_broker",
            "request::the_reply_topic_is_subscribed_to_once_and_before_the_first_request",
            "request::no_reply_in_time_is_an_error_and_a_late_one_is_dropped",
        ],
    ),
    (
        "`reply`",
        &["request::a_reply_goes_to_the_response_topic_with_the_correlation_data", "request::what_cannot_be_a_request"],
    ),
    (
        "`wait`",
        &[
            "wait::connect_and_a_message_from_a_broker",
            "wait::connect_returns_at_once_if_connected",
            "wait::an_event_name_wins_over_a_filter",
            "wait::listeners_of_the_awaited_event_run_in_order_and_others_wait",
            "wait::past_the_timeout_it_throws_and_the_program_can_go_on",
        ],
    ),
    (
        "`store`",
        &[
            "store_file::what_was_accepted_before_a_kill_is_sent_in_order_before_what_is_new",
            "store_qos_2::an_incoming_message_that_comes_again_after_a_kill_is_delivered_once",
        ],
    ),
    (
        "`mqtt.broker`",
        &[
            "own_broker::a_client_and_its_broker_in_one_program",
            "own_broker::it_keeps_the_program_alive_until_it_is_ended",
            "own_broker::only_its_users_get_in",
            "own_broker::with_a_certificate_it_speaks_tls",
        ],
    ),
    (
        "`client.state`",
        &["state::every_state_in_its_turn", "state::a_client_that_gave_up_is_offline_and_one_that_is_revived_connects"],
    ),
    ("`client.queued`", &["state::queued_counts_until_a_message_is_written_or_acknowledged"]),
    (
        "`handleMessage`",
        &[
            "handling::the_next_message_waits_until_handle_message_is_done",
            "handling::done_with_an_error_leaves_a_message_unacknowledged",
        ],
    ),
    (
        "`handleAuth`",
        &[
            "auth::the_broker_and_the_script_take_turns_until_connack",
            "auth::the_answer_may_come_later_and_leave_out_what_is_known",
        ],
    ),
    (
        "`customHandleAcks`",
        &[
            "handling::puback_has_the_code_that_the_script_chose",
            "handling::pubrec_has_the_code_that_the_script_chose",
            "handling::an_error_instead_of_a_code_is_an_error_event",
        ],
    ),
    ("a subscribe made while offline goes out once", &["offline::what_was_subscribed_while_offline_goes_out_once"]),
    (
        "packet properties are assignable",
        &["packets::properties_of_packets_are_assignable_and_misspelled_ones_are_told"],
    ),
    ("streams of one's own", &["streams::a_client_over_a_stream_of_its_own", "streams::a_client_over_a_tls_stream"]),
    ("`...Async` waits, returns or throws", &["asynchronous::connect_async", "asynchronous::connect_async_that_fails"]),
    // The event loop and its exit codes.
    (
        "messages wait for the end of the top level",
        &["tests/command/event_loop.rs::messages_wait_for_the_end_of_the_top_level"],
    ),
    ("timers in order", &["tests/command/timers.rs::deadline_then_creation"]),
    (
        "exit codes 0, n, 1",
        &[
            "tests/command/exit.rs::codes",
            "tests/command/exit.rs::errors",
            "tests/command/exit.rs::a_client_that_gave_up",
        ],
    ),
    ("exit code 2", &["tests/command/line.rs::wrong_usage"]),
    (
        "exit codes 130 and 143",
        &[
            "tests/command/signals.rs::every_client_ends_gracefully",
            "tests/command/signals.rs::listeners",
            "tests/command/signals.rs::a_second_signal_ends_the_flush",
        ],
    ),
    (
        "`process.exit` flushes",
        &[
            "tests/command/flush.rs::exit_0_waits_for_acknowledgements_and_says_goodbye",
            "tests/command/flush.rs::a_broker_that_does_not_answer_is_not_waited_for",
        ],
    ),
    (
        "no DISCONNECT with another code",
        &[
            "tests/command/flush.rs::exit_3_and_errors_say_no_goodbye",
            "tests/command/flush.rs::the_will_is_published_after_exit_3",
        ],
    ),
    (
        "a callback without end",
        &["keep_alive::pings_go_on_while_a_callback_loops", "tests/command/flush.rs::callbacks_that_take_too_long"],
    ),
    // Permissions.
    (
        "`--allow-read`",
        &[
            "tests/command/permissions/reading.rs::a_file_elsewhere_is_refused_with_the_flag_to_add",
            "tests/command/permissions/reading.rs::files_beside_the_script_and_below_need_no_flag",
        ],
    ),
    (
        "`--allow-write`",
        &[
            "tests/command/permissions/writing.rs::nothing_is_written_without_the_flag",
            "tests/command/permissions/writing.rs::a_file_may_be_written_and_others_not",
        ],
    ),
    (
        "`--allow-env`",
        &[
            "tests/command/permissions/environment.rs::variables_are_refused_with_the_flag_to_add",
            "tests/command/permissions/environment.rs::names_that_are_allowed",
        ],
    ),
    (
        "`--allow-net`",
        &[
            "tests/command/permissions/network.rs::connecting_needs_no_flag",
            "tests/command/permissions/network.rs::with_hosts_only_these_are_dialled",
        ],
    ),
    ("`--allow-all`", &["tests/command/permissions/flags.rs::all_is_everything"]),
];

/// What MQTT.js does, by what a script sees.
const BEHAVIOUR: &[(&str, &[&str])] = &[
    (
        "exports of the module",
        &[
            "emitter::what_mqtt_says_without_a_broker",
            "message_ids::helpers_of_the_module",
            "message_ids::reason_codes_have_their_texts",
        ],
    ),
    ("calls after `end`", &["closing::calls_after_end_are_told_client_disconnecting", "closing::an_end_after_an_end"]),
    (
        "filters",
        &[
            "filters::well_formed_filters_go_out",
            "filters::badly_formed_filters_never_go_out",
            "filters::a_list_without_a_filter_is_an_error",
        ],
    ),
    ("QoS 0 offline without a queue", &["offline::without_a_queue_qos_0_needs_a_connection"]),
    (
        "topic aliases out of range",
        &[
            "aliases::an_alias_above_the_brokers_maximum_is_refused",
            "aliases::a_broker_that_takes_no_aliases_gets_none",
        ],
    ),
    ("authentication data without a method", &["auth::data_without_a_method_is_refused_before_dialling"]),
    (
        "certificates without a protocol, or that cannot be read",
        &["tls::a_client_certificate_promotes_the_protocol", "tls::certificates_that_cannot_be_used"],
    ),
    (
        "arguments of publish callbacks",
        &["packets::packets_of_callbacks_print_as_in_mqtt_js", "exchanges::version_5_publishes_qos_2"],
    ),
    ("negative acknowledgements", &["mqtt5::refused_publishes_tell_why", "version_5::refused_messages_of_version_5"]),
    (
        "granted",
        &[
            "subscribing::less_is_granted_than_asked_for",
            "subscribing::each_filter_of_a_map_has_its_options",
            "subscribing::a_refusal_of_version_5_says_why",
        ],
    ),
    ("a SUBACK with the wrong count", &["malformed::a_suback_with_the_wrong_count"]),
    ("`subscribeBatchSize`", &["message_ids::a_long_subscribe_goes_out_in_batches_and_is_answered_once"]),
    ("codes of UNSUBACK are no errors", &["unsubscribing::codes_of_version_5_are_no_errors"]),
    (
        "`removeOutgoingMessage`",
        &["ids::what_is_queued_and_what_can_be_taken_back", "resending::what_was_removed_is_not_sent_again"],
    ),
    ("end by force", &["closing::a_forced_end", "early_end::an_end_between_two_attempts"]),
    ("what `end` may be given", &["early_end::what_end_may_be_given", "closing::a_reason_and_properties_of_version_5"]),
    (
        "resubscribing per version",
        &[
            "resubscribing::a_reconnect_restores_all_filters_with_one_subscribe_in_version_3",
            "resubscribing::a_reconnect_restores_each_filter_by_itself_in_version_5",
            "resubscribing::version_3_1_restores_clean_sessions_only",
        ],
    ),
    (
        "`resubscribe: false`, or a session that is present",
        &["resubscribing::nothing_is_restored_on_request", "resubscribing::a_session_that_is_present_is_not_restored"],
    ),
    (
        "QoS 2 is delivered on PUBREL, once",
        &[
            "qos::repeated_qos_2_packets_deliver_once_and_are_answered_each_time",
            "qos::a_message_of_qos_2_across_connections_comes_once",
        ],
    ),
    (
        "orders of events",
        &[
            "connecting::a_broker_that_does_not_answer_connect",
            "keep_alive::a_broker_that_does_not_answer_pings",
            "reconnecting::a_broker_that_closes_or_resets",
            "version_5::a_broker_that_says_goodbye",
        ],
    ),
    ("`packetsend`, `packetreceive`", &["packets::packets_are_seen_in_order"]),
    (
        "texts of refusals",
        &[
            "connecting::a_refused_session",
            "connecting::each_refusal_of_version_5",
            "connecting::a_refused_session_of_version_5",
        ],
    ),
    (
        "timers",
        &[
            "keep_alive::pings_come_at_the_interval",
            "keep_alive::acknowledgements_that_do_not_put_pings_off",
            "keep_alive::pings_come_at_the_interval_of_the_broker",
            "reconnecting::a_link_that_accepts_and_is_silent",
        ],
    ),
    (
        "properties of a client",
        &[
            "client_properties::queue_outgoing_and_topics_while_offline",
            "reconnecting::changed_options_count_at_the_next_attempt",
            "keep_alive::the_keep_alive_of_the_broker",
        ],
    ),
    (
        "stores",
        &[
            "store::a_store_gives_back_what_was_put_in_and_calls_back_in_the_next_turn",
            "store::closing_forgets_everything_unless_it_is_not_clean",
        ],
    ),
    (
        "URLs: schemes and spellings",
        &[
            "urls::spellings_of_a_url",
            "src/mqtt/url.rs::schemes",
            "src/mqtt/url.rs::addresses",
            "src/mqtt/url.rs::case_blanks_fragment_and_path",
        ],
    ),
    ("URLs: ports", &["urls::ports_by_default", "src/mqtt/url.rs::bad_ports_and_hosts"]),
    (
        "URLs: WebSocket paths",
        &["websocket::path_and_query_of_the_url_are_asked_for", "websocket::version_3_1_asks_for_its_own_protocol"],
    ),
    ("URLs: Unix sockets", &["urls::a_unix_socket", "emitter::a_unix_socket_by_option"]),
    (
        "URLs: credentials",
        &["urls::credentials_of_a_url", "src/mqtt/url.rs::credentials_split_at_the_first_colon_before_decoding"],
    ),
    ("no URL", &["urls::options_instead_of_a_url", "urls::names_of_the_host"]),
    (
        "the will",
        &["connect_packet::a_will", "connect_packet::a_will_with_properties", "tests/tutorial/will.rs::killed"],
    ),
    (
        "properties of each packet",
        &[
            "mqtt5::connect_has_every_property",
            "mqtt5::connack_shows_every_property",
            "mqtt5::publish_has_every_property",
            "mqtt5::a_message_shows_every_property_and_can_be_passed_on",
            "mqtt5::subscribe_has_options_and_properties",
            "mqtt5::disconnect_says_why_in_both_directions",
            "mqtt5::properties_of_other_packets_are_refused_at_the_call",
        ],
    ),
    (
        "violations of version 5",
        &[
            "malformed::topic_aliases_that_were_not_agreed_on",
            "malformed::a_message_beyond_maximum_packet_size",
            "handling::a_broker_that_sends_more_than_receive_maximum_is_left",
            "auth::authentication_that_was_not_asked_for_is_a_violation",
        ],
    ),
    (
        "packets as `JSON.stringify` prints them",
        &["packets::packets_of_version_4_print_as_in_mqtt_js", "packets::packets_of_version_5_print_as_in_mqtt_js"],
    ),
    ("payloads as text and bytes", &["receiving::payloads_are_bytes"]),
];

/// The recorded traces of MQTT.js, by number. T04 is of older versions.
const TRACES: &[(u8, &[&str])] = &[
    (1, &["closing::connect_and_end"]),
    (2, &["connecting::a_refused_session"]),
    (3, &["connecting::a_refused_session_that_is_tried_again"]),
    (5, &["connecting::a_refused_session", "connecting::each_refusal_of_version_5"]),
    (6, &["connecting::a_refused_connection", "unheard::an_unknown_host"]),
    (7, &["connecting::a_broker_that_does_not_answer_connect"]),
    (8, &["keep_alive::a_broker_that_does_not_answer_pings"]),
    (9, &["keep_alive::messages_of_qos_0_do_not_put_pings_off", "keep_alive::acknowledgements_put_pings_off"]),
    (10, &["offline::calls_before_connack_go_out_in_call_order"]),
    (11, &["offline::without_a_queue_qos_0_needs_a_connection", "offline::without_a_queue_for_qos_0_the_rest_waits"]),
    (
        12,
        &["subscribing::a_filter_that_is_held_is_not_asked_for_again", "filters::a_list_without_a_filter_is_an_error"],
    ),
    (13, &["subscribing::a_map_of_plain_numbers"]),
    (14, &["mqtt5::refused_publishes_tell_why"]),
    (15, &["subscribing::a_refused_filter_is_an_error_and_the_others_stay"]),
    (
        16,
        &[
            "topics::a_topic_that_cannot_be_published_to_goes_to_the_callback_or_is_thrown",
            "poison::alone_it_is_dropped_after_the_second_time_it_was_sent_again",
        ],
    ),
    (17, &["closing::calls_after_end_are_told_client_disconnecting", "closing::an_end_after_an_end"]),
    (
        18,
        &[
            "closing::an_end_waits_for_acknowledgements",
            "closing::a_forced_end",
            "closing::an_end_gives_up_after_its_timeout",
        ],
    ),
    (
        19,
        &[
            "resending::what_was_not_acknowledged_goes_out_again",
            "reconnecting::a_broker_that_restarts",
            "offline::a_subscribe_during_an_outage_is_called_back_once",
        ],
    ),
    (20, &["reconnecting::a_broker_that_closes_or_resets", "reconnecting::a_lost_connection_without_reconnects"]),
    (21, &["unheard::a_client_that_is_kicked_out_again_and_again"]),
    (22, &["version_5::a_broker_that_says_goodbye"]),
    (23, &["reviving::a_manual_start_and_a_second_life"]),
    (24, &["reviving::a_reconnect_while_connected"]),
    (25, &["reviving::a_new_password_and_a_reconnect_after_a_refusal"]),
    (
        26,
        &[
            "resubscribing::a_session_that_is_present_needs_no_subscribe",
            "resubscribing::nothing_is_restored_on_request",
            "receiving::a_message_that_nobody_asked_for",
        ],
    ),
    (27, &["resubscribing::a_subscribe_in_the_connect_listener"]),
    (28, &["receiving::messages_and_their_packets", "receiving::the_flags_of_a_message"]),
    (
        29,
        &[
            "mqtt5::subscription_identifiers_are_a_number_or_an_array",
            "receiving::a_broker_with_overlapping_subscriptions",
        ],
    ),
    (
        30,
        &[
            "closing::a_reason_and_properties_of_version_5",
            "tests/tutorial/will.rs::killed",
            "tests/tutorial/will.rs::ended_and_interrupted",
        ],
    ),
    (
        31,
        &[
            "malformed::bytes_that_are_not_mqtt",
            "tls::tls_to_a_plain_port_and_back",
            "websocket::a_plain_port",
            "websocket::an_answer_other_than_101",
        ],
    ),
    (
        32,
        &[
            "tls::a_certificate_of_an_unknown_authority",
            "tls::a_certificate_for_another_name",
            "tls::a_certificate_that_nobody_checks",
            "tls::a_broker_that_asks_for_a_certificate",
        ],
    ),
    (33, &["reconnecting::servers_take_turns"]),
    (34, &["resending::three_go_out_again_in_order", "resending::a_pubrel_goes_out_again"]),
    (35, &["receiving::a_listener_that_throws", "receiving::a_listener_that_throws_under_keep_going"]),
    (
        36,
        &[
            "publishing::an_exit_right_after_publish_loses_nothing",
            "publishing::an_exit_in_the_callback_of_qos_0_loses_nothing",
        ],
    ),
    (37, &["publishing::many_messages_do_not_wait_for_each_other"]),
    (38, &["handling::the_next_message_waits_until_handle_message_is_done"]),
    (39, &["subscribing::a_shared_subscription", "receiving::a_retained_message_comes_after_the_grant"]),
    (40, &["asynchronous::connect_async", "asynchronous::connect_async_that_fails"]),
];

/// Whether a name stands for a function of its file.
fn exists(name: &str) -> bool {
    let (file, case) = name.rsplit_once("::").expect("a name has `::`");
    let file = if file.contains('/') { file.to_string() } else { format!("tests/conformance/{file}.rs") };
    let text = std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap_or_default();
    text.contains(&format!("#[test]\nfn {case}() {{\n")) || text.contains(&format!("#[test]\n    fn {case}() {{\n"))
}

#[test]
fn every_case_that_is_named_exists() {
    let rows = CONTRACT.iter().chain(BEHAVIOUR).map(|(_, cases)| cases).chain(TRACES.iter().map(|(_, cases)| cases));
    let missing: Vec<_> = rows.flat_map(|cases| cases.iter()).filter(|case| !exists(case)).collect();
    assert!(missing.is_empty(), "the map names what is not there: {missing:#?}");
    let traces: Vec<u8> = TRACES.iter().map(|(number, _)| *number).collect();
    assert_eq!(traces, (1..=40).filter(|number| *number != 4).collect::<Vec<_>>());
}
