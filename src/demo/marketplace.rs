//! The marketplace of the demo: its customers' orders come as files, in a folder that central looks at.

use std::io;
use std::path::PathBuf;

use crate::central::intake::files::place::Place;
use crate::central::store::{CallKind, ChannelKind, ChannelRecord, FileChannel, Store, UnknownPolicy};
use crate::central::{RunningCentral, Surroundings};

/// The channel's name.
pub const CHANNEL: &str = "marketplace";

/// A marketplace with its folder.
pub struct Marketplace {
    folder: PathBuf,
}

impl Marketplace {
    /// Makes the folder, and has central look at it every second.
    pub async fn open(central: &RunningCentral, folder: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let surroundings = Surroundings::of_the_machine()?;
        let channel = ChannelRecord {
            channel: CHANNEL.into(),
            kind: ChannelKind::Marketplace,
            customer: None,
            stores: Vec::new(),
            calls: vec![CallKind::Orders],
            unknown: UnknownPolicy::Problem,
            created_at: surroundings.now(),
            tokens: 0,
        };
        let settings = FileChannel {
            channel: CHANNEL.into(),
            place: Place::of_folder(std::path::absolute(&folder)?)?.to_text(),
            every_seconds: 1,
            fingerprint: None,
            outbound: None,
            tag: format!("{:08x}", surroundings.random_u64() >> 32),
        };
        central.store.save_file_channel(channel, settings).await?;
        Ok(Self { folder })
    }

    /// Puts one order document down, with the marker that it is whole.
    pub fn put_down(&self, name: &str, xml: &str) -> io::Result<()> {
        std::fs::write(self.folder.join(format!("{name}.xml")), xml)?;
        std::fs::write(self.folder.join(format!("{name}.xml.done")), "")
    }
}
