//! A private PostgreSQL, where it is installed, that books the same sales and takes the same orders: one stored function
//! each, `fsync` on.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;
use till::domain::event::{Event, movements};
use till::domain::ids::{ProductId, StoreId};
use till::wire::entry::SealedEntry;
use till::wire::open_entry;
use tokio_postgres::{Client, Config, NoTls, Statement};

use crate::orders::WebsiteOrder;
use crate::till::product;

/// The same records as central keeps, laid out as PostgreSQL does them best: a feed's row is numbered anew in its place,
/// where central adds one and sweeps the old out later. One function does a sale's whole work.
const SCHEMA: &str = include_str!("postgres.sql");
/// Those of orders, over them.
const ORDER_SCHEMA: &str = include_str!("orders.sql");

/// A server in a folder of its own, which ends with this.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
}

impl Postgres {
    /// Starts one in `folder`; none where it is not installed.
    pub fn start(folder: &Path) -> anyhow::Result<Option<Self>> {
        let Some(programs) = find_programs() else { return Ok(None) };
        let folder = folder.join("postgres");
        std::fs::create_dir(&folder)?;
        let server = Self { programs, folder };
        if is_root() {
            // PostgreSQL refuses to run as root, and must reach its folder.
            run(Command::new("chown").arg("postgres").arg(&server.folder))?;
            for above in server.folder.ancestors().skip(1).take(1) {
                run(Command::new("chmod").arg("a+x").arg(above))?;
            }
        }
        let data = server.folder.join("data");
        run(server.program("initdb").args(["-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(&data))?;
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories={} -c shared_buffers=256MB -c max_wal_size=4GB",
            server.folder.display()
        );
        let log = server.folder.join("log");
        run(server.program("pg_ctl").args(["start", "-w", "-D"]).arg(&data).arg("-l").arg(log).args(["-o", &options]))?;
        Ok(Some(server))
    }

    /// Books every journal from a connection of its own, one call a sale. Answers how long all of them took.
    pub async fn book(
        &self,
        journals: &[Vec<SealedEntry>],
        stores: &[StoreId],
        products: &[ProductId],
    ) -> anyhow::Result<Duration> {
        let client = self.connect().await?;
        client.batch_execute(SCHEMA).await?;
        let products: Vec<&str> = products.iter().map(ProductId::as_str).collect();
        for store in stores {
            client.execute("SELECT fill_store($1, $2)", &[&store.as_str(), &products]).await?;
        }
        client.batch_execute("VACUUM ANALYZE").await?;
        let mut tills = Vec::with_capacity(journals.len());
        for journal in journals {
            tills.push((self.connect().await?, journal.iter().map(Sale::of).collect::<anyhow::Result<Vec<_>>>()?));
        }
        let begun = Instant::now();
        let tills = tills.into_iter().map(|(client, sales)| tokio::spawn(book_all(client, sales)));
        for till in tills.collect::<Vec<_>>() {
            till.await??;
        }
        let taken = begun.elapsed();
        let booked: i64 = client.query_one("SELECT count(*) FROM entry", &[]).await?.get(0);
        anyhow::ensure!(booked as usize == journals.iter().map(Vec::len).sum::<usize>(), "every entry is booked");
        Ok(taken)
    }

    /// Opens a connection for each website, which takes its orders one after the other when it is polled, and answers how
    /// long each took.
    pub async fn open_for_orders(
        &self,
        websites: &[Vec<WebsiteOrder>],
        stores: &[StoreId],
        products: u64,
    ) -> anyhow::Result<Vec<impl Future<Output = anyhow::Result<Vec<Duration>>> + Send + 'static + use<>>> {
        let client = self.connect().await?;
        client.batch_execute(SCHEMA).await?;
        client.batch_execute(ORDER_SCHEMA).await?;
        let products: Vec<String> = (0..products).map(|number| product(number).id.to_string()).collect();
        for store in stores {
            client.execute("SELECT fill_store($1, $2)", &[&store.as_str(), &products]).await?;
        }
        client.batch_execute("VACUUM ANALYZE").await?;
        let mut takers = Vec::with_capacity(websites.len());
        for orders in websites {
            let client = self.connect().await?;
            let take = client.prepare("SELECT take_order($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)").await?;
            let orders = orders.iter().map(OrderRow::of).collect();
            takers.push(take_all(client, take, orders));
        }
        Ok(takers)
    }

    /// Every order is there.
    pub async fn expect_orders(&self, orders: usize) -> anyhow::Result<()> {
        let found: i64 = self.connect().await?.query_one("SELECT count(*) FROM web_order", &[]).await?.get(0);
        anyhow::ensure!(found as usize == orders, "{found} orders instead of {orders}");
        Ok(())
    }

    async fn connect(&self) -> anyhow::Result<Client> {
        let mut config = Config::new();
        config.host_path(&self.folder).user("postgres").dbname("postgres");
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(program);
                command
            }
            false => Command::new(program),
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = run(self.program("pg_ctl").args(["stop", "-m", "immediate", "-D"]).arg(self.folder.join("data")));
        if let Err(error) = stopped {
            eprintln!("the private PostgreSQL could not be stopped: {error:#}");
        }
    }
}

/// Where Debian keeps the newest version's programs.
fn find_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.flatten().map(|version| version.path().join("bin"));
    folders.filter(|folder| folder.join("initdb").is_file()).max()
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    // Its output goes nowhere: a server that stays would hold a pipe open.
    let status = command.stdout(std::process::Stdio::null()).status().with_context(|| format!("{command:?}"))?;
    anyhow::ensure!(status.success(), "{command:?} failed");
    Ok(())
}

/// An entry as the function takes it.
struct Sale {
    sealed: SealedEntry,
    receipt_number: i64,
    total_minor: i64,
    products: Vec<String>,
    quantities: Vec<i64>,
}

impl Sale {
    fn of(sealed: &SealedEntry) -> anyhow::Result<Self> {
        let entry = open_entry(sealed)?;
        let movements = movements(&entry);
        let (receipt_number, total_minor) = match &entry.event {
            Event::SaleCompleted(sale) => (sale.receipt_number as i64, sale.total.minor()),
            _ => (0, 0),
        };
        Ok(Self {
            sealed: sealed.clone(),
            receipt_number,
            total_minor,
            products: movements.iter().map(|movement| movement.product.to_string()).collect(),
            quantities: movements.iter().map(|movement| movement.quantity.thousandths()).collect(),
        })
    }
}

async fn book_all(client: Client, sales: Vec<Sale>) -> anyhow::Result<()> {
    let take = client.prepare("SELECT take_sale($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)").await?;
    for sale in &sales {
        let header = &sale.sealed.header;
        client
            .execute(
                &take,
                &[
                    &header.till.store.as_str(),
                    &header.till.workstation.as_str(),
                    &header.entry.as_bytes().as_slice(),
                    &header.mark.run.as_bytes().as_slice(),
                    &(header.mark.sequence as i64),
                    &header.recorded_at.timestamp_micros(),
                    &header.kind,
                    &sale.sealed.payload,
                    &sale.sealed.previous_hash.as_slice(),
                    &sale.sealed.hash.as_slice(),
                    &sale.sealed.signature.as_slice(),
                    &sale.receipt_number,
                    &sale.total_minor,
                    &sale.products,
                    &sale.quantities,
                ],
            )
            .await?;
    }
    Ok(())
}

/// An order as its function takes it.
struct OrderRow {
    order: WebsiteOrder,
    products: Vec<String>,
    names: Vec<String>,
    quantities: Vec<i64>,
    prices: Vec<i64>,
}

impl OrderRow {
    fn of(order: &WebsiteOrder) -> Self {
        let products: Vec<_> = order.products.iter().map(|number| product(*number)).collect();
        Self {
            order: order.clone(),
            products: products.iter().map(|product| product.id.to_string()).collect(),
            names: products.iter().map(|product| product.name.clone()).collect(),
            quantities: vec![1_000; products.len()],
            prices: products.iter().map(|product| product.price.minor()).collect(),
        }
    }
}

async fn take_all(client: Client, take: Statement, rows: Vec<OrderRow>) -> anyhow::Result<Vec<Duration>> {
    let mut waits = Vec::with_capacity(rows.len());
    for OrderRow { order, products, names, quantities, prices } in &rows {
        let begun = Instant::now();
        client
            .query_one(
                &take,
                &[
                    &order.store.as_str(),
                    &order.website,
                    &order.buyer,
                    &order.reference,
                    &order.content.as_slice(),
                    &order.document,
                    &"Anna K.",
                    &order.code,
                    &chrono::Utc::now().timestamp_micros(),
                    products,
                    names,
                    quantities,
                    prices,
                ],
            )
            .await?;
        waits.push(begun.elapsed());
    }
    Ok(waits)
}
