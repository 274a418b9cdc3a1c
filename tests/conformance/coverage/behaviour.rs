/// What MQTT.js does, by what a script sees.
pub const BEHAVIOUR: &[(&str, &[&str])] = &[
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
