/// Judges a history of sends and polls: did the log keep what it promised?
///
/// Anomalies are those of jepsen.tests.kafka, by the same names, and some of our own;
/// docs/checker.md lists them and says where this checker and that one differ. Takes time in
/// proportion to the history.
#pragma once

#include "checker/log/recording.h"
#include "checker/log/settings.h"
#include "checker/verdict/judgement.h"

namespace verdikt::checker::log {

[[nodiscard]] judgement check(const recording& history, const settings& asked);

}  // namespace verdikt::checker::log
