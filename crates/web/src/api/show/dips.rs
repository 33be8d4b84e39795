//! A dip sample of escalations. Whose logs were drawn is part of the look, before it is shown.

use super::READ_WITHIN;
use super::records::read;
use crate::App;
use crate::api::audit;
use crate::api::view::query as q;
use crate::caller::Caller;
use crate::problem::{Kind, Problem};
use room::DipWanted;
use rules::dip;
use rules::views::dip::DipSample;

/// How many are drawn if nobody says.
pub(crate) const USUAL: u32 = 10;

/// Draws, records who was drawn, and only then shows.
pub(crate) async fn drawn(
    app: &App,
    caller: &Caller,
    asked: &q::Dip,
    why: audit::Why,
) -> Result<DipSample, Problem> {
    let wanted = DipWanted {
        from: asked.from,
        to: asked.to,
        size: asked.size.unwrap_or(USUAL),
        seed: asked.seed.clone(),
    };
    let fits = dip::period(wanted.from, wanted.to, app.room.now());
    fits.and_then(|()| dip::size(wanted.size)).map_err(|no| Problem::invalid(no.sentence))?;
    let sample = read(app, move |room| room.dip_sample(&wanted, READ_WITHIN)).await?;
    let sample = sample.ok_or_else(|| {
        let detail = "the period is being read from the journal: ask again in a few seconds";
        Problem::new(Kind::Busy, detail)
    })?;
    let found: Vec<String> = sample.drawn.iter().map(|one| one.about_words.clone()).collect();
    let sought = format!("escalations drawn by '{}'", sample.sample.seed);
    audit::record_search(app, caller, "dip sample", &why, &sought, &found).await?;
    Ok(sample)
}
