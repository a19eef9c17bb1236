/// What an operation of a history of sends and polls did, record by record.
#pragma once

#include "checker/history/operation.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::checker::report {

/// As a text or keyword's letters, anything else as EDN: 7, "7" and :7 are one.
[[nodiscard]] std::string plain_text(history::datum_view what);

struct told_record {
    bool sent = false;  ///< Else it was polled.
    history::datum_view partition;
    std::optional<std::int64_t> offset;
    history::datum_view value;
};

/// An offset and a value, as `[12 "a"]`; of a send that was told none the value alone.
[[nodiscard]] told_record record_of(bool sent,
                                    history::datum_view partition,
                                    history::datum_view pair);

/// What the micro-operation does, or nothing if it is none.
[[nodiscard]] std::string_view act_of(history::datum_view micro);

/// `look` is given each record that the operation sent or polled, in order.
template <std::invocable<const told_record&> Look>
void each_record(history::datum_view value, Look look) {
    for (const history::datum_view micro : value) {
        const std::string_view act = act_of(micro);
        if (act == "send" && micro.size() >= 3) look(record_of(true, micro[1], micro[2]));
        if (act != "poll" || micro.size() < 2 || !micro[1].is_map()) continue;
        const history::datum_view polled = micro[1];
        for (auto at = polled.begin(); at != polled.end();) {
            const history::datum_view partition = *at++;
            for (const history::datum_view pair : *at++) look(record_of(false, partition, pair));
        }
    }
}

}  // namespace verdikt::checker::report
