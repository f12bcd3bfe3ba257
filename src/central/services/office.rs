//! `office.v1.OfficeService`: what head office and the warehouse see and do.

use std::pin::Pin;

use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::caller::Doorkeeper;
use super::status::{Reason, refuse, refuse_store, refuse_with};
use super::{Stopping, pages, wait_for_stop};
use super::{office_documents as documents, office_held as held, office_problems as problems, office_reads as reads};
use crate::central::intake::Intake;
use crate::central::papers;
use crate::central::store::sqlite::Word;
use crate::central::store::{OfficeScope, OfficeTokenRecord, OrderActSubmission, OrderFilter, Store};
use crate::central::surroundings::Surroundings;
use crate::domain::ids::{EntryId, OperatorId, OrderNumber, StoreId, TillId, WorkstationId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{
    Dispatch, Fulfilment, OrderState as OrderStateOfOrder, WarehouseAct, WarehouseRefusal, WebOrder,
};
use crate::wire::Wire;
use crate::wire::office::{self, v1 as proto};
use crate::wire::trade::v1::OrderState;

/// How many orders a page has when nobody says.
const PAGE_USUAL: usize = 100;
/// How many parts of a file wait for a slow reader.
const PARTS_WAITING_MAX: usize = 2;
/// How many orders are picked by one call.
const PICKED_MAX: usize = 100;

/// The service.
pub struct OfficeService<S> {
    store: S,
    doorkeeper: Doorkeeper<S>,
    intake: Intake<S>,
    surroundings: Surroundings,
    stopping: Stopping,
}

impl<S: Store> OfficeService<S> {
    /// Over a store.
    pub const fn new(
        store: S,
        doorkeeper: Doorkeeper<S>,
        intake: Intake<S>,
        surroundings: Surroundings,
        stopping: Stopping,
    ) -> Self {
        Self { store, doorkeeper, intake, surroundings, stopping }
    }

    async fn get_order(&self, number: &str) -> Result<WebOrder, Status> {
        let found = self.store.find_order(OrderNumber::new(number)).await.map_err(refuse_store)?;
        found.ok_or_else(|| refuse(Reason::NotFound, format!("there is no order {number}")))
    }

    /// Does an act in the caller's name.
    async fn act(
        &self,
        office: &OfficeTokenRecord,
        number: &str,
        act: WarehouseAct,
        note: String,
        request_id: &str,
    ) -> Result<Option<proto::Order>, Status> {
        let entry = match request_id {
            "" => self.surroundings.new_uuid(),
            text => uuid::Uuid::parse_str(text)
                .map_err(|_| refuse_with(Reason::FieldInvalid, "it is no UUID", &[("field", "request_id")]))?,
        };
        let submission = OrderActSubmission {
            number: OrderNumber::new(number),
            act,
            entry: EntryId(entry),
            person: office.name.clone(),
            note: crate::central::intake::text::printable(&note),
        };
        let done = self.store.act_on_order(submission, self.surroundings.now()).await.map_err(refuse_store)?;
        match done {
            Ok(order) => Ok(Some(office::order(&order))),
            Err(refusal) => Err(refuse(Reason::NotInState, format!("order {number}: {refusal}"))),
        }
    }
}

/// The columns of a paper, when somebody says how many.
fn get_columns(asked: u32, usual: usize) -> Result<usize, Status> {
    match asked as usize {
        0 => Ok(usual),
        columns if papers::COLUMNS.contains(&columns) => Ok(columns),
        _ => Err(refuse_with(Reason::FieldInvalid, "from 32 to 120 columns", &[("field", "columns")])),
    }
}

/// Behind which order a pick list begins.
fn read_pick_mark(token: &str) -> Result<Option<papers::PickMark>, Status> {
    let Some([state, number]) = pages::read_token(token)? else { return Ok(None) };
    let state = OrderStateOfOrder::from_word(&state).ok_or_else(pages::refuse_token)?;
    Ok(Some(papers::PickMark { state, number: OrderNumber::new(number) }))
}

type PartStream = Pin<Box<dyn Stream<Item = Result<proto::ExportResponse, Status>> + Send>>;

#[tonic::async_trait]
impl<S: Store> proto::office_service_server::OfficeService for OfficeService<S> {
    type ExportStream = PartStream;

    async fn list_orders(
        &self,
        request: Request<proto::ListOrdersRequest>,
    ) -> Result<Response<proto::ListOrdersResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        let request = request.into_inner();
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let state = match request.state() {
            OrderState::Unspecified => None,
            asked => office::find_state(asked),
        };
        let page = pages::get_size(request.page_size, PAGE_USUAL);
        let filter = OrderFilter {
            store: named(&request.store).map(StoreId::new),
            channel: named(&request.channel).map(crate::domain::ids::ChannelId::new),
            state,
            after: named(&request.page_token).map(OrderNumber::new),
            held: request.held,
            orders_max: page,
            ..OrderFilter::default()
        };
        let orders = self.store.list_orders(filter).await.map_err(refuse_store)?;
        let is_full = orders.len() == page;
        let mut orders: Vec<_> = orders.iter().map(office::order).collect();
        let has_more = pages::keep_fitting(&mut orders) || is_full;
        let last = orders.last().filter(|_| has_more);
        let next_page_token = last.map_or_else(String::new, |order| order.order_number.clone());
        Ok(Response::new(proto::ListOrdersResponse { orders, next_page_token }))
    }

    async fn get_order(
        &self,
        request: Request<proto::GetOrderRequest>,
    ) -> Result<Response<proto::GetOrderResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        let order = self.get_order(&request.into_inner().order_number).await?;
        let acts = self.store.list_order_acts(order.number.clone()).await.map_err(refuse_store)?;
        let acts = acts.into_iter().map(|act| proto::OrderAct {
            act: act.act,
            person: act.person,
            note: act.note,
            at: Some(act.at.to_wire()),
        });
        let parties = self.store.find_order_parties(order.number.clone()).await.map_err(refuse_store)?;
        let addresses = self.store.list_delivery_addresses(vec![order.number.clone()]).await.map_err(refuse_store)?;
        let address = addresses.get(&order.number).map(|address| address.lines().to_vec());
        let order = held::with_parties(&order, parties.unwrap_or_default());
        let documents = self.store.list_order_documents(OrderNumber::new(&order.order_number)).await;
        let documents = (1..).zip(documents.map_err(refuse_store)?);
        let documents = documents.map(|(position, document)| documents::to_wire(position, &document)).collect();
        let order = Some(proto::Order { delivery_address: address.unwrap_or_default(), ..order });
        Ok(Response::new(proto::GetOrderResponse { order, acts: acts.collect(), documents }))
    }

    async fn get_order_document(
        &self,
        request: Request<proto::GetOrderDocumentRequest>,
    ) -> Result<Response<proto::GetOrderDocumentResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        let request = request.into_inner();
        let order = self.get_order(&request.order_number).await?;
        Ok(Response::new(documents::get(&self.store, order.number, request.position).await?))
    }

    async fn pick_orders(
        &self,
        request: Request<proto::PickOrdersRequest>,
    ) -> Result<Response<proto::PickOrdersResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Orders).await?;
        let request = request.into_inner();
        if request.order_numbers.len() > PICKED_MAX {
            let message = format!("pick at most {PICKED_MAX} orders at once");
            return Err(refuse_with(Reason::TooMany, message, &[("limit", &PICKED_MAX.to_string())]));
        }
        let picker = if request.picker.is_empty() { &office.name } else { &request.picker };
        let mut results = Vec::with_capacity(request.order_numbers.len());
        let mut picking = Vec::new();
        for number in request.order_numbers {
            let act = WarehouseAct::Pick { picker: OperatorId::new(picker) };
            let refusal = match self.act(&office, &number, act, String::new(), "").await {
                Ok(_) => String::new(),
                Err(status) if matches!(status.code(), tonic::Code::FailedPrecondition | tonic::Code::NotFound) => {
                    status.message().to_owned()
                }
                Err(status) => return Err(status),
            };
            let found = self.store.find_order(OrderNumber::new(&number)).await.map_err(refuse_store)?;
            results.push(proto::PickResult {
                order_number: number,
                order: found.as_ref().map(office::order),
                refusal: refusal.clone(),
            });
            picking.extend(found.filter(|_| refusal.is_empty()));
        }
        let now = self.surroundings.now();
        let pick_list = papers::write_pick_lists(&self.store, &picking, papers::PICK_LIST_COLUMNS, now).await;
        Ok(Response::new(proto::PickOrdersResponse { results, pick_list: pick_list.map_err(refuse_store)? }))
    }

    async fn report_short(
        &self,
        request: Request<proto::ReportShortRequest>,
    ) -> Result<Response<proto::ReportShortResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Orders).await?;
        let request = request.into_inner();
        let quantity = Quantity::from_thousandths(request.quantity_thousandths);
        let act = WarehouseAct::ReportShort { line: request.line, quantity: (!quantity.is_zero()).then_some(quantity) };
        let order = self.act(&office, &request.order_number, act, String::new(), &request.request_id).await?;
        Ok(Response::new(proto::ReportShortResponse { order }))
    }

    async fn pack_order(
        &self,
        request: Request<proto::PackOrderRequest>,
    ) -> Result<Response<proto::PackOrderResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Orders).await?;
        let request = request.into_inner();
        let act = WarehouseAct::Pack;
        let order = self.act(&office, &request.order_number, act, String::new(), &request.request_id).await?;
        Ok(Response::new(proto::PackOrderResponse { order }))
    }

    async fn dispatch_order(
        &self,
        request: Request<proto::DispatchOrderRequest>,
    ) -> Result<Response<proto::DispatchOrderResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Orders).await?;
        let request = request.into_inner();
        let printable = crate::central::intake::text::printable;
        let dispatch = Dispatch { carrier: printable(&request.carrier), tracking: printable(&request.tracking_number) };
        let act = WarehouseAct::Dispatch(dispatch);
        let order = self.act(&office, &request.order_number, act, String::new(), &request.request_id).await?;
        Ok(Response::new(proto::DispatchOrderResponse { order }))
    }

    async fn cancel_order(
        &self,
        request: Request<proto::CancelOrderRequest>,
    ) -> Result<Response<proto::CancelOrderResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Orders).await?;
        let request = request.into_inner();
        let act = WarehouseAct::Cancel;
        let order = self.act(&office, &request.order_number, act, request.reason, &request.request_id).await?;
        Ok(Response::new(proto::CancelOrderResponse { order }))
    }

    async fn match_line(
        &self,
        request: Request<proto::MatchLineRequest>,
    ) -> Result<Response<proto::MatchLineResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Orders).await?;
        let order = held::match_line(&self.intake, request.into_inner(), &office.name).await?;
        Ok(Response::new(proto::MatchLineResponse { order: Some(order) }))
    }

    async fn tie_buyer(
        &self,
        request: Request<proto::TieBuyerRequest>,
    ) -> Result<Response<proto::TieBuyerResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Orders).await?;
        let request = request.into_inner();
        let parties = held::tie_buyer(&self.intake, &request, &office.name).await?;
        let order = self.get_order(&request.order_number).await?;
        Ok(Response::new(proto::TieBuyerResponse { order: Some(held::with_parties(&order, parties)) }))
    }

    async fn get_pick_list(
        &self,
        request: Request<proto::GetPickListRequest>,
    ) -> Result<Response<proto::GetPickListResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        let request = request.into_inner();
        let columns = get_columns(request.columns, papers::PICK_LIST_COLUMNS)?;
        let mut orders = Vec::with_capacity(request.order_numbers.len());
        if request.order_numbers.len() > papers::ORDERS_MAX {
            let message = format!("at most {} orders on one list", papers::ORDERS_MAX);
            return Err(refuse_with(Reason::TooMany, message, &[("limit", &papers::ORDERS_MAX.to_string())]));
        }
        for number in &request.order_numbers {
            orders.push(self.get_order(number).await?);
        }
        let mut next = None;
        if orders.is_empty() {
            let of = (!request.store.is_empty()).then(|| StoreId::new(&request.store));
            let after = read_pick_mark(&request.page_token)?;
            (orders, next) = papers::list_to_pick(&self.store, of, after).await.map_err(refuse_store)?;
        }
        let text = papers::write_pick_lists(&self.store, &orders, columns, self.surroundings.now()).await;
        let next_page_token =
            next.map_or_else(String::new, |mark| pages::token(&[mark.state.word(), mark.number.as_str()]));
        Ok(Response::new(proto::GetPickListResponse { text: text.map_err(refuse_store)?, next_page_token }))
    }

    async fn get_delivery_note(
        &self,
        request: Request<proto::GetDeliveryNoteRequest>,
    ) -> Result<Response<proto::GetDeliveryNoteResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        let request = request.into_inner();
        let columns = get_columns(request.columns, papers::DELIVERY_NOTE_COLUMNS)?;
        let order = self.get_order(&request.order_number).await?;
        if order.fulfilment != Fulfilment::Delivery {
            let why = format!("order {} goes in no parcel: {}", order.number, WarehouseRefusal::PickUp);
            return Err(refuse(Reason::NotInState, why));
        }
        let text = papers::write_delivery_note(&self.store, &order, columns, self.surroundings.now()).await;
        Ok(Response::new(proto::GetDeliveryNoteResponse { text: text.map_err(refuse_store)? }))
    }

    async fn list_problems(
        &self,
        request: Request<proto::ListProblemsRequest>,
    ) -> Result<Response<proto::ListProblemsResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        Ok(Response::new(problems::list(&self.store, request.into_inner()).await?))
    }

    async fn get_problem(
        &self,
        request: Request<proto::GetProblemRequest>,
    ) -> Result<Response<proto::GetProblemResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        Ok(Response::new(problems::get(&self.store, &request.into_inner().problem_id).await?))
    }

    async fn mend_problem(
        &self,
        request: Request<proto::MendProblemRequest>,
    ) -> Result<Response<proto::MendProblemResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Problems).await?;
        Ok(Response::new(problems::mend(&self.intake, request.into_inner(), &office.name).await?))
    }

    async fn dismiss_problem(
        &self,
        request: Request<proto::DismissProblemRequest>,
    ) -> Result<Response<proto::DismissProblemResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Problems).await?;
        Ok(Response::new(problems::dismiss(&self.intake, &request.into_inner(), &office.name).await?))
    }

    async fn list_channel_counts(
        &self,
        request: Request<proto::ListChannelCountsRequest>,
    ) -> Result<Response<proto::ListChannelCountsResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        Ok(Response::new(problems::list_counts(&self.store).await?))
    }

    async fn list_stock(
        &self,
        request: Request<proto::ListStockRequest>,
    ) -> Result<Response<proto::ListStockResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        Ok(Response::new(reads::list_stock(&self.store, &request.into_inner()).await?))
    }

    async fn list_tills(
        &self,
        request: Request<proto::ListTillsRequest>,
    ) -> Result<Response<proto::ListTillsResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        Ok(Response::new(reads::list_tills(&self.store).await?))
    }

    async fn list_findings(
        &self,
        request: Request<proto::ListFindingsRequest>,
    ) -> Result<Response<proto::ListFindingsResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        Ok(Response::new(reads::list_findings(&self.store, &request.into_inner()).await?))
    }

    async fn shut_out_till(
        &self,
        request: Request<proto::ShutOutTillRequest>,
    ) -> Result<Response<proto::ShutOutTillResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Tills).await?;
        let proto::ShutOutTillRequest { store, workstation } = request.into_inner();
        let till = TillId { store: StoreId::new(store), workstation: WorkstationId::new(workstation) };
        self.store.revoke_till(till, self.surroundings.now()).await.map_err(refuse_store)?;
        Ok(Response::new(proto::ShutOutTillResponse {}))
    }

    async fn list_cases(
        &self,
        request: Request<proto::ListCasesRequest>,
    ) -> Result<Response<proto::ListCasesResponse>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        Ok(Response::new(reads::list_cases(&self.store, &request.into_inner()).await?))
    }

    async fn decide_case(
        &self,
        request: Request<proto::DecideCaseRequest>,
    ) -> Result<Response<proto::DecideCaseResponse>, Status> {
        let office = self.doorkeeper.get_office(&request, OfficeScope::Cases).await?;
        let decision = reads::read_decision(request.into_inner(), &office.name)?;
        self.store.decide_case(decision, self.surroundings.now()).await.map_err(refuse_store)?;
        Ok(Response::new(proto::DecideCaseResponse {}))
    }

    async fn export(&self, request: Request<proto::ExportRequest>) -> Result<Response<PartStream>, Status> {
        self.doorkeeper.get_office(&request, OfficeScope::Read).await?;
        let request = request.into_inner();
        let (parts, received) = mpsc::channel(PARTS_WAITING_MAX);
        let (store, mut stopping) = (self.store.clone(), self.stopping.clone());
        tokio::spawn(async move {
            let stopped = parts.clone();
            tokio::select! {
                () = reads::export(store, request.kind(), request.store, parts) => {}
                () = wait_for_stop(&mut stopping) => {
                    // A queue that is full or closed: the end of the stream says the same.
                    drop(stopped.try_send(Err(refuse(Reason::ShuttingDown, "central is shutting down"))));
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(received))))
    }
}
