//! The pieces of `mqtt5` put together, without its own listeners: `mqtt5::broker::MqttBroker` insists on one, which
//! nobody asked for and which would be a way past the certificates.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use mqtt5::broker::auth::AllowAllAuthProvider;
use mqtt5::broker::client_handler::ClientHandler;
use mqtt5::broker::config::{StorageBackend as Backend, StorageConfig};
use mqtt5::broker::router::MessageRouter;
use mqtt5::broker::storage::QueueLimits;
use mqtt5::broker::sys_topics::{BrokerStats, SysTopicsProvider};
use mqtt5::broker::transport::BrokerTransport;
use mqtt5::broker::{
    AuthProvider, BrokerConfig, DynamicStorage, MemoryBackend, ResourceLimits, ResourceMonitor, StorageBackend,
};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{interval, timeout};

use super::Config;
use super::link::{Link, Received};
use super::users::Users;

/// Messages that may wait for one connected client, of each QoS; `mqtt5` drops QoS 0 beyond it.
const CHANNEL: usize = 1 << 20;

/// Messages and bytes kept for a session whose client is away.
const QUEUE: QueueLimits = QueueLimits { max_messages: 100_000, max_bytes: 64 * 1024 * 1024 };

/// How often sessions are looked through for those that have expired.
const SWEEP: Duration = Duration::from_secs(60);

/// How long a stop waits for clients to take their last packet.
const FAREWELL: Duration = Duration::from_millis(500);

/// Everything connections share.
pub(super) struct Engine {
    config: Arc<BrokerConfig>,
    router: Arc<MessageRouter>,
    auth: Arc<dyn AuthProvider>,
    storage: Arc<DynamicStorage>,
    stats: Arc<BrokerStats>,
    resources: Arc<ResourceMonitor>,
    received: Received,
    shutdown: broadcast::Sender<()>,
}

impl Engine {
    pub(super) fn new(config: &Config) -> Self {
        let max_packet_size = usize::try_from(config.max_packet_size).unwrap_or(usize::MAX);
        let settings = BrokerConfig::default()
            .with_storage(StorageConfig::default().with_backend(Backend::Memory))
            .with_client_channel_capacity(CHANNEL)
            .with_max_packet_size(max_packet_size);
        let storage = Arc::new(DynamicStorage::Memory(MemoryBackend::with_queue_limits(QUEUE)));
        let auth: Arc<dyn AuthProvider> =
            if config.users.is_empty() { Arc::new(AllowAllAuthProvider) } else { Arc::new(Users::new(&config.users)) };
        // No limits by rate: a broker for programs under test must not slow them down.
        let limits = ResourceLimits {
            max_connections: usize::MAX,
            max_connections_per_ip: usize::MAX,
            max_message_rate_per_client: 0,
            max_bandwidth_per_client: 0,
            ..ResourceLimits::default()
        };
        Self {
            config: Arc::new(settings),
            router: Arc::new(MessageRouter::with_storage(Arc::clone(&storage)).with_fallback_queue_limits(QUEUE)),
            auth,
            storage,
            stats: Arc::new(BrokerStats::new()),
            resources: Arc::new(ResourceMonitor::new(limits)),
            received: Arc::new(AtomicU64::new(0)),
            shutdown: broadcast::channel(1).0,
        }
    }

    /// The largest packet accepted, in bytes.
    pub(super) fn max_packet_size(&self) -> usize {
        self.config.max_packet_size
    }

    /// The counter links add to.
    pub(super) fn received(&self) -> Received {
        Arc::clone(&self.received)
    }

    /// Receives once the broker stops.
    pub(super) fn closing(&self) -> broadcast::Receiver<()> {
        self.shutdown.subscribe()
    }

    /// Serves one client until it goes, or until [`Engine::farewell`].
    pub(super) async fn handle(&self, link: Link, peer: SocketAddr) {
        let handler = ClientHandler::new(
            BrokerTransport::WebSocket(Box::new(link)),
            peer,
            Arc::clone(&self.config),
            Arc::clone(&self.router),
            Arc::clone(&self.auth),
            Some(Arc::clone(&self.storage)),
            Arc::clone(&self.stats),
            Arc::clone(&self.resources),
            self.shutdown.subscribe(),
        );
        if let Err(error) = handler.run().await {
            tracing::debug!(%peer, "connection ended: {error}");
        }
    }

    /// Publishes `$SYS` topics and forgets expired sessions, for ever.
    pub(super) async fn keep_house(&self) {
        let sys = SysTopicsProvider::new(Arc::clone(&self.router), Arc::clone(&self.stats));
        sys.publish_static_topics().await;
        let mut publish = interval(self.config.sys_topics_interval);
        let mut sweep = interval(SWEEP);
        loop {
            tokio::select! {
                _ = publish.tick() => sys.publish_dynamic_topics().await,
                _ = sweep.tick() => {
                    if let Err(error) = self.storage.cleanup_expired().await {
                        tracing::warn!("cannot forget expired sessions: {error}");
                    }
                    self.router.sweep_sessions().await;
                }
            }
        }
    }

    /// Ends every connection and waits a moment for it; `open` closes with the last of them.
    pub(super) async fn farewell(&self, mut open: mpsc::Receiver<()>) {
        // Nobody listens when nobody is connected.
        let _ = self.shutdown.send(());
        if timeout(FAREWELL, open.recv()).await.is_err() {
            tracing::debug!("some clients did not take their last packet");
        }
    }
}
