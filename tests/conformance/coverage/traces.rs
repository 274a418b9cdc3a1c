/// The recorded traces of MQTT.js, by number. T04 is of older versions.
pub const TRACES: &[(u8, &[&str])] = &[
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
