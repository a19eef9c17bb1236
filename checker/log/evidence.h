/// What every part of the log checker looks at, and how it words what it finds.
#pragma once

#include "checker/log/recording.h"
#include "checker/log/settings.h"
#include "checker/log/version_orders.h"
#include "checker/verdict/findings.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace verdikt::checker::log {

struct evidence {
    const recording& history;
    const version_orders& orders;
    const settings& asked;

    /// Whether what that operation was acknowledged is promised to stay.
    [[nodiscard]] bool durable(std::uint32_t row) const {
        return asked.keeps_what_was_acknowledged() && !history.rows()[row].is_weak();
    }
    /// Whether its messages are promised to be there once: idempotence wants acks=all. Of nobody's
    /// the settings say.
    [[nodiscard]] bool single(std::uint32_t row) const {
        return asked.keeps_messages_single() && (row == none || !history.rows()[row].is_weak());
    }
    /// Whether they are promised to keep their order.
    [[nodiscard]] bool ordered(std::uint32_t row) const {
        return asked.keeps_order_of_sends() && !history.rows()[row].is_weak();
    }
    /// The `index` of each row, in order, each once; `none` is left out.
    [[nodiscard]] std::vector<std::int64_t> operations(
        std::initializer_list<std::uint32_t> rows) const;
    /// Where that message was seen; nothing of an unknown offset.
    [[nodiscard]] std::vector<log_place> places(std::uint32_t message,
                                                std::initializer_list<std::int64_t> offsets) const;
    /// "7 of partition 0".
    [[nodiscard]] std::string message(std::uint32_t number) const;
    /// "operation 12".
    [[nodiscard]] std::string operation(std::uint32_t row) const;
};

// Each reports the anomalies that it names; how they are told is said where they are.

/// phantom, duplicate, inconsistent-offsets, offset-reused, G1a, precommitted-read.
void check_messages(const evidence& seen, findings& into);
/// lost-write, unseen, torn-transaction.
void check_losses(const evidence& seen, findings& into);
/// int-poll-skip, int-nonmonotonic-poll, poll-skip, nonmonotonic-poll, dirty-read.
void check_polls(const evidence& seen, findings& into);
/// int-send-skip, int-nonmonotonic-send, nonmonotonic-send.
void check_sends(const evidence& seen, findings& into);
/// order-of-epochs, order-of-timestamps, stale-end-offset.
void check_marks(const evidence& seen, findings& into);
/// G0, G1c, G0-realtime, G1c-realtime.
void check_cycles(const evidence& seen, findings& into);

}  // namespace verdikt::checker::log
