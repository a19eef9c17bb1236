/// Judges what brokers answered about topics, partitions and configurations.
///
/// All changes go into one log of metadata, and each broker applies it in its order. So whoever
/// shows a change knows of everything that was acknowledged before that change was asked for: its
/// *knowledge* reaches there, however far the broker is behind otherwise. An answer marked `final`
/// knows besides of what was acknowledged `settings::lag_max` before it was asked for: all was
/// healed. Of each register the answer may show a value that some operation may have written,
/// unless that operation had ended before another began of which the answer has to know.
///
///     acknowledged-then-absent  it shows an older value than one that was acknowledged
///     two-answers               it shows an older value than one that a broker had shown
///     phantom-change            nobody can have written what it shows
/// The first two are certain where the answer's own content tells its knowledge, and inferred where
/// only the lag does.
///
/// An operation whose outcome is unknown may happen at any time after it began, or never: its value
/// may always be shown. Brokers that were never seen to know of the last acknowledged change of
/// something, nor to miss it, are a doubt.
#pragma once

#include "checker/admin/recording.h"
#include "checker/admin/settings.h"
#include "checker/verdict/judgement.h"

namespace verdikt::checker::admin {

[[nodiscard]] judgement check(const recording& history, const settings& asked);

}  // namespace verdikt::checker::admin
