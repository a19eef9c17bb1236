/// The loopback network that everything is measured over.
///
/// Under BBR, which paces what it sends, loopback is a quarter as fast as under Reno, so figures
/// taken under two kinds of congestion control cannot be compared. Where we may, we therefore move
/// into a network namespace of our own, which has nothing but a loopback device, and choose Reno.
#pragma once

#include <string>

namespace verdikt::bench {

/// Says what it did, for the report. Requires: one thread; called before anything is started.
std::string choose_loopback();

}  // namespace verdikt::bench
