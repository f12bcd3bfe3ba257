//! `trade.v1.AvailabilityService`: what may be promised, and every change of it.

use std::collections::HashSet;
use std::pin::Pin;

use tokio::sync::mpsc;
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::caller::{Doorkeeper, get_stores};
use super::status::{Reason, refuse, refuse_store, refuse_with};
use super::{Stopping, wait_for_stop};
use crate::central::store::{Availability, CallKind, Cursor, Feed, Store};
use crate::central::surroundings::Surroundings;
use crate::domain::ids::{ProductId, StoreId};
use crate::wire::Wire;
use crate::wire::trade::v1 as proto;

/// How many pairs of product and store one question may have.
const PAIRS_MAX: usize = 1000;
/// How many figures a frame has at most.
const FIGURES_PER_FRAME: usize = 500;
/// How many frames wait for a slow follower.
const FRAMES_WAITING_MAX: usize = 4;

/// The service.
pub struct AvailabilityService<S> {
    store: S,
    doorkeeper: Doorkeeper<S>,
    surroundings: Surroundings,
    stopping: Stopping,
}

impl<S: Store> AvailabilityService<S> {
    /// Over a store.
    pub const fn new(store: S, doorkeeper: Doorkeeper<S>, surroundings: Surroundings, stopping: Stopping) -> Self {
        Self { store, doorkeeper, surroundings, stopping }
    }
}

type FigureStream = Pin<Box<dyn Stream<Item = Result<proto::WatchAvailabilityResponse, Status>> + Send>>;

#[tonic::async_trait]
impl<S: Store> proto::availability_service_server::AvailabilityService for AvailabilityService<S> {
    type WatchAvailabilityStream = FigureStream;

    async fn get_availability(
        &self,
        request: Request<proto::GetAvailabilityRequest>,
    ) -> Result<Response<proto::GetAvailabilityResponse>, Status> {
        let channel = self.doorkeeper.get_channel(&request, CallKind::Availability).await?;
        let request = request.into_inner();
        let stores = get_stores(&self.store, &channel, &request.stores).await?;
        if request.products.len().saturating_mul(stores.len().max(1)) > PAIRS_MAX {
            let message = format!("ask for at most {PAIRS_MAX} pairs of product and store at once");
            return Err(refuse_with(Reason::TooMany, message, &[("limit", &PAIRS_MAX.to_string())]));
        }
        let products: Vec<ProductId> = request.products.iter().map(ProductId::new).collect();
        let now = self.surroundings.now();
        let figures = self.store.list_availability(products, stores, now).await.map_err(refuse_store)?;
        let known: HashSet<&str> = figures.iter().map(|figure| figure.product.as_str()).collect();
        let unknown_products =
            request.products.iter().filter(|product| !known.contains(product.as_str())).cloned().collect();
        Ok(Response::new(proto::GetAvailabilityResponse {
            unknown_products,
            availabilities: figures.iter().map(figure).collect(),
        }))
    }

    async fn watch_availability(
        &self,
        request: Request<proto::WatchAvailabilityRequest>,
    ) -> Result<Response<FigureStream>, Status> {
        let (channel, admission) = self.doorkeeper.admit_channel(&request, CallKind::Availability).await?;
        let request = request.into_inner();
        let stores = get_stores(&self.store, &channel, &request.stores).await?;
        // Nothing would ever be told of one that does not exist, and it would be waited for.
        let known = self.store.list_stores().await.map_err(refuse_store)?;
        if let Some(made_up) = stores.iter().find(|id| !known.iter().any(|record| record.settings.id == **id)) {
            return Err(refuse(Reason::NotFound, format!("there is no store {made_up}")));
        }
        let cursors = Cursors::parse(&request.cursor).ok_or_else(|| {
            refuse_with(Reason::FieldInvalid, "this cursor is not one of central's", &[("field", "cursor")])
        })?;
        let positions = stores.into_iter().map(|store| (cursors.get(&store), store)).collect();
        let (frames, received) = mpsc::channel(FRAMES_WAITING_MAX);
        let follower = follow(self.store.clone(), self.surroundings.clone(), positions, frames);
        let mut stopping = self.stopping.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = follower => {}
                () = wait_for_stop(&mut stopping) => {}
            }
        });
        Ok(Response::new(Box::pin(admission.guard(received))))
    }
}

fn figure(figure: &Availability) -> proto::Availability {
    proto::Availability {
        product: figure.product.to_string(),
        store: figure.store.to_string(),
        free_thousandths: figure.free.thousandths(),
        as_of: Some(figure.as_of.to_wire()),
    }
}

/// A cursor in each store's feed, as one text: `S001=1f,S002=20`, the names in hexadecimal.
#[derive(Debug, Default, PartialEq, Eq)]
struct Cursors(Vec<(StoreId, Cursor)>);

impl Cursors {
    fn parse(text: &str) -> Option<Self> {
        let mut cursors = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (store, cursor) = part.split_once('=')?;
            let bytes: Option<Vec<u8>> =
                (0..store.len()).step_by(2).map(|at| u8::from_str_radix(store.get(at..at + 2)?, 16).ok()).collect();
            let name = String::from_utf8(bytes?).ok()?;
            cursors.push((StoreId::new(name), Cursor(u64::from_str_radix(cursor, 16).ok()?)));
        }
        Some(Self(cursors))
    }

    fn get(&self, store: &StoreId) -> Cursor {
        self.0.iter().find(|(known, _)| known == store).map_or(Cursor(0), |(_, cursor)| *cursor)
    }

    fn encode(positions: &[(Cursor, StoreId)]) -> String {
        let hex = |store: &StoreId| store.as_str().bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        positions.iter().map(|(cursor, store)| format!("{}={:x}", hex(store), cursor.0)).collect::<Vec<_>>().join(",")
    }
}

/// Sends every store's changes, and goes on with each further one, until the follower is gone.
async fn follow<S: Store>(
    store: S,
    surroundings: Surroundings,
    mut positions: Vec<(Cursor, StoreId)>,
    frames: mpsc::Sender<Result<proto::WatchAvailabilityResponse, Status>>,
) {
    let mut signals: Vec<_> = positions.iter().map(|(_, id)| store.follow(&Feed::Availability(id.clone()))).collect();
    let mut first = true;
    loop {
        signals.iter_mut().for_each(tokio::sync::watch::Receiver::mark_unchanged);
        let mut sent = false;
        for at in 0..positions.len() {
            loop {
                let (cursor, id) = positions[at].clone();
                let read = store.read_availability_feed(id, cursor, FIGURES_PER_FRAME, surroundings.now()).await;
                let (figures, reached) = match read {
                    Ok(read) => read,
                    Err(error) => {
                        // The last thing it hears; when it is gone already, nobody minds.
                        drop(frames.send(Err(refuse_store(error))).await);
                        return;
                    }
                };
                let more = figures.len() == FIGURES_PER_FRAME;
                positions[at].0 = reached;
                if !figures.is_empty() {
                    sent = true;
                    let frame = proto::WatchAvailabilityResponse {
                        availabilities: figures.iter().map(figure).collect(),
                        cursor: Cursors::encode(&positions),
                    };
                    if frames.send(Ok(frame)).await.is_err() {
                        return;
                    }
                }
                if !more {
                    break;
                }
            }
        }
        if first && !sent {
            // Told at once that there is nothing: a follower need not guess whether the stream works.
            let frame =
                proto::WatchAvailabilityResponse { availabilities: Vec::new(), cursor: Cursors::encode(&positions) };
            if frames.send(Ok(frame)).await.is_err() {
                return;
            }
        }
        first = false;
        if signals.is_empty() {
            frames.closed().await;
            return;
        }
        tokio::select! {
            () = any_changed(&mut signals) => {}
            () = frames.closed() => return,
        }
    }
}

/// Waits until one of the feeds has changed.
async fn any_changed(signals: &mut [tokio::sync::watch::Receiver<u64>]) {
    let mut waiting: Vec<_> = signals.iter_mut().map(|signal| Box::pin(signal.changed())).collect();
    std::future::poll_fn(|context| {
        let changed = waiting.iter_mut().any(|one| one.as_mut().poll(context).is_ready());
        if changed { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_their_text() {
        let positions = vec![(Cursor(31), StoreId::new("S001")), (Cursor(u64::MAX), StoreId::new("Zürich, Nord=1"))];
        let text = Cursors::encode(&positions);
        let read = Cursors::parse(&text).unwrap();
        for (cursor, store) in positions {
            assert_eq!(read.get(&store), cursor);
        }
        assert_eq!(read.get(&StoreId::new("S999")), Cursor(0));
        assert_eq!(Cursors::parse(""), Some(Cursors::default()));
        for garbage in ["x", "53=", "5=1", "é=1", "53=zz"] {
            assert_eq!(Cursors::parse(garbage), None, "{garbage}");
        }
    }
}
