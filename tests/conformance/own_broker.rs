//! `mqtt.broker`: a broker within the program.
