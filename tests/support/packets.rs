//! Short ways to write the packets a peer answers with. Whatever they lack is built from rumqttc's types.

/// MQTT 3.1.1.
pub mod v4 {
    use rumqttc_v4::{
        ConnAck, ConnectReturnCode, Packet, PubAck, PubComp, PubRec, PubRel, Publish, QoS, SubAck, SubscribeFilter,
        SubscribeReasonCode, UnsubAck,
    };

    use crate::support::link::{Link, V4};

    /// PUBLISH; `id` is 0 for QoS 0.
    pub fn publish(topic: &str, qos: QoS, id: u16, payload: impl AsRef<[u8]>) -> Packet {
        let mut publish = Publish::new(topic, qos, payload.as_ref());
        publish.pkid = id;
        Packet::Publish(publish)
    }

    /// PUBACK.
    pub fn puback(id: u16) -> Packet {
        Packet::PubAck(PubAck::new(id))
    }

    /// PUBREC.
    pub fn pubrec(id: u16) -> Packet {
        Packet::PubRec(PubRec::new(id))
    }

    /// PUBREL.
    pub fn pubrel(id: u16) -> Packet {
        Packet::PubRel(PubRel::new(id))
    }

    /// PUBCOMP.
    pub fn pubcomp(id: u16) -> Packet {
        Packet::PubComp(PubComp::new(id))
    }

    /// SUBACK that grants `grants`.
    pub fn suback(id: u16, grants: &[QoS]) -> Packet {
        let codes = grants.iter().map(|qos| SubscribeReasonCode::Success(*qos)).collect();
        Packet::SubAck(SubAck::new(id, codes))
    }

    /// UNSUBACK.
    pub fn unsuback(id: u16) -> Packet {
        Packet::UnsubAck(UnsubAck::new(id))
    }

    /// CONNACK that refuses.
    pub fn refusal(code: ConnectReturnCode) -> Packet {
        Packet::ConnAck(ConnAck { session_present: false, code })
    }

    impl Link<V4> {
        /// Reads SUBSCRIBE, grants what it asks for and returns its filters.
        #[track_caller]
        pub fn grant(&mut self) -> Vec<SubscribeFilter> {
            match self.read() {
                Packet::Subscribe(subscribe) => {
                    let grants: Vec<QoS> = subscribe.filters.iter().map(|filter| filter.qos).collect();
                    self.send(suback(subscribe.pkid, &grants));
                    subscribe.filters
                }
                other => panic!("SUBSCRIBE was due, but {other:?} came"),
            }
        }

        /// Reads PUBLISH and returns it; the acknowledgement is left to the test.
        #[track_caller]
        pub fn read_publish(&mut self) -> Publish {
            match self.read() {
                Packet::Publish(publish) => publish,
                other => panic!("PUBLISH was due, but {other:?} came"),
            }
        }

        /// Reads PUBLISH, takes it as its QoS asks (up to PUBCOMP) and returns it.
        #[track_caller]
        pub fn take_publish(&mut self) -> Publish {
            let publish = self.read_publish();
            match publish.qos {
                QoS::AtMostOnce => {}
                QoS::AtLeastOnce => self.send(puback(publish.pkid)),
                QoS::ExactlyOnce => {
                    self.send(pubrec(publish.pkid));
                    self.expect(pubrel(publish.pkid));
                    self.send(pubcomp(publish.pkid));
                }
            }
            publish
        }

        /// DISCONNECT, then the end.
        #[track_caller]
        pub fn expect_goodbye(&mut self) {
            self.expect(Packet::Disconnect);
            self.expect_closed();
        }
    }
}

/// MQTT 5.
pub mod v5 {
    use rumqttc_v5::{
        ConnAck, ConnAckProperties, ConnectReturnCode, Packet, PubAck, PubComp, PubRec, PubRel, Publish, QoS, SubAck,
        SubscribeFilter, SubscribeReasonCode, UnsubAck, UnsubAckReason,
    };

    use crate::support::link::{Link, V5};

    /// PUBLISH without properties; `id` is 0 for QoS 0.
    pub fn publish(topic: &str, qos: QoS, id: u16, payload: impl AsRef<[u8]>) -> Packet {
        let mut publish = Publish::new(topic, qos, payload.as_ref().to_vec(), None);
        publish.pkid = id;
        Packet::Publish(publish)
    }

    /// PUBACK with success.
    pub fn puback(id: u16) -> Packet {
        Packet::PubAck(PubAck::new(id, None))
    }

    /// PUBREC with success.
    pub fn pubrec(id: u16) -> Packet {
        Packet::PubRec(PubRec::new(id, None))
    }

    /// PUBREL with success.
    pub fn pubrel(id: u16) -> Packet {
        Packet::PubRel(PubRel::new(id, None))
    }

    /// PUBCOMP with success.
    pub fn pubcomp(id: u16) -> Packet {
        Packet::PubComp(PubComp::new(id, None))
    }

    /// SUBACK that grants `grants`.
    pub fn suback(id: u16, grants: &[QoS]) -> Packet {
        let return_codes = grants.iter().map(|qos| SubscribeReasonCode::Success(*qos)).collect();
        Packet::SubAck(SubAck { pkid: id, return_codes, properties: None })
    }

    /// UNSUBACK with success for `count` filters.
    pub fn unsuback(id: u16, count: usize) -> Packet {
        Packet::UnsubAck(UnsubAck { pkid: id, reasons: vec![UnsubAckReason::Success; count], properties: None })
    }

    /// CONNACK that accepts, with properties.
    pub fn connack(session_present: bool, properties: ConnAckProperties) -> Packet {
        let code = ConnectReturnCode::Success;
        Packet::ConnAck(ConnAck { session_present, code, properties: Some(properties) })
    }

    /// CONNACK that refuses.
    pub fn refusal(code: ConnectReturnCode) -> Packet {
        Packet::ConnAck(ConnAck { session_present: false, code, properties: None })
    }

    impl Link<V5> {
        /// Reads SUBSCRIBE, grants what it asks for and returns its filters.
        #[track_caller]
        pub fn grant(&mut self) -> Vec<SubscribeFilter> {
            match self.read() {
                Packet::Subscribe(subscribe) => {
                    let grants: Vec<QoS> = subscribe.filters.iter().map(|filter| filter.qos).collect();
                    self.send(suback(subscribe.pkid, &grants));
                    subscribe.filters
                }
                other => panic!("SUBSCRIBE was due, but {other:?} came"),
            }
        }

        /// Reads PUBLISH and returns it; the acknowledgement is left to the test.
        #[track_caller]
        pub fn read_publish(&mut self) -> Publish {
            match self.read() {
                Packet::Publish(publish) => publish,
                other => panic!("PUBLISH was due, but {other:?} came"),
            }
        }

        /// Reads PUBLISH, takes it as its QoS asks (up to PUBCOMP) and returns it.
        #[track_caller]
        pub fn take_publish(&mut self) -> Publish {
            let publish = self.read_publish();
            match publish.qos {
                QoS::AtMostOnce => {}
                QoS::AtLeastOnce => self.send(puback(publish.pkid)),
                QoS::ExactlyOnce => {
                    self.send(pubrec(publish.pkid));
                    self.expect(pubrel(publish.pkid));
                    self.send(pubcomp(publish.pkid));
                }
            }
            publish
        }

        /// DISCONNECT (any reason), then the end; returns the DISCONNECT.
        #[track_caller]
        pub fn expect_goodbye(&mut self) -> rumqttc_v5::Disconnect {
            match self.read() {
                Packet::Disconnect(disconnect) => {
                    self.expect_closed();
                    disconnect
                }
                other => panic!("DISCONNECT was due, but {other:?} came"),
            }
        }
    }
}
