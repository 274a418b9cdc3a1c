/// Where `mqttscript` does better than MQTT.js, and what it has alone.
pub const CONTRACT: &[(&str, &[&str])] = &[
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
            "broker_limits::requests_larger_than_the_broker_takes_are_refused_here",
            "broker_limits::subscriptions_the_broker_does_not_have_are_refused_here",
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
