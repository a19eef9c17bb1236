/// Anomalies of single messages and single offsets.
#include "checker/log/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace verdikt::checker::log {

namespace {

using history::op_type;

/// Who said that a message lies at an offset. Searched only where an anomaly is described.
std::uint32_t row_that_told(const evidence& seen, const place& what) {
    const auto& rows = seen.history.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        for (const event& one : seen.history.events_of(rows[at])) {
            const bool told = one.kind == event_kind::polled ||
                              (one.kind == event_kind::sent && !rows[at].is_weak() &&
                               seen.orders.must_have_committed(at));
            if (told && one.subject == what.message && one.offset == what.offset) return at;
        }
    }
    return none;
}

void check_phantoms(const evidence& seen, findings& into) {
    const auto& rows = seen.history.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        for (const event& one : seen.history.events_of(rows[at])) {
            if (one.kind != event_kind::polled) continue;
            if (seen.orders.writer_of(one.subject) != none) continue;
            into.add("phantom", true, [&] {
                return anomaly{.operations = seen.operations({at}),
                               .what = fmt::format("{} polled {} at offset {}, which nobody sent",
                                                   seen.operation(at),
                                                   seen.message(one.subject),
                                                   one.offset),
                               .places = seen.places(one.subject, {one.offset})};
            });
        }
    }
}

void check_duplicates(const evidence& seen, findings& into) {
    for (std::uint32_t partition = 0; partition < seen.history.partitions().size(); ++partition) {
        for (const place& one : seen.orders.log_of(partition)) {
            // Told once a message: at the second of its places.
            const bool several = seen.orders.first_position_of(one.message) !=
                                 seen.orders.last_position_of(one.message);
            if (!several || one.offset != seen.orders.offset_of(one.message)) continue;
            const bool promised = seen.single(seen.orders.writer_of(one.message));
            into.add("duplicate", promised, [&] {
                const auto log = seen.orders.log_of(partition);
                const auto other = std::ranges::find_if(log, [&one](const place& that) {
                    return that.message == one.message && that.offset != one.offset;
                });
                return anomaly{.operations = seen.operations({seen.orders.writer_of(one.message),
                                                              row_that_told(seen, one),
                                                              row_that_told(seen, *other)}),
                               .what = fmt::format("{} lies at offset {} and at offset {}",
                                                   seen.message(one.message),
                                                   std::min(one.offset, other->offset),
                                                   std::max(one.offset, other->offset)),
                               .places = seen.places(one.message, {one.offset, other->offset})};
            });
        }
    }
}

/// Whether the send of that message was told that it lies there, and succeeded.
bool is_acknowledged(const evidence& seen, const place& which) {
    const std::uint32_t writer = seen.orders.writer_of(which.message);
    if (writer == none || seen.history.rows()[writer].type != op_type::ok) return false;
    if (seen.history.rows()[writer].is_weak()) return false;
    return std::ranges::any_of(
        seen.history.events_of(seen.history.rows()[writer]), [&which](const event& sent) {
            return sent.kind == event_kind::sent && sent.subject == which.message &&
                   sent.offset == which.offset;
        });
}

std::string both_at(const evidence& seen, const place& one, const place& other) {
    return fmt::format("offset {} held {} and {}",
                       one.offset,
                       seen.message(one.message),
                       seen.message(other.message));
}

/// Requires: two places or more, all at one offset.
void report_shared_offset(const evidence& seen, std::span<const place> places, findings& into) {
    const place& one = places[0];
    const place& other = places[1];
    // An acknowledged write that may be lost leaves its offset to another.
    const bool promised = seen.asked.keeps_what_was_acknowledged();
    into.add("inconsistent-offsets", promised, [&] {
        return anomaly{
            .operations = seen.operations({row_that_told(seen, one), row_that_told(seen, other)}),
            .what = both_at(seen, one, other)};
    });
    std::vector<place> acknowledged;
    std::ranges::copy_if(places, std::back_inserter(acknowledged), [&seen](const place& which) {
        return is_acknowledged(seen, which);
    });
    if (acknowledged.size() < 2) return;
    into.add("offset-reused", promised, [&] {
        return anomaly{
            .operations = seen.operations({seen.orders.writer_of(acknowledged[0].message),
                                           seen.orders.writer_of(acknowledged[1].message)}),
            .what = both_at(seen, acknowledged[0], acknowledged[1]) + ", both acknowledged",
            .places = seen.places(one.message, {one.offset})};
    });
}

void check_offsets(const evidence& seen, findings& into) {
    for (std::uint32_t partition = 0; partition < seen.history.partitions().size(); ++partition) {
        const auto log = seen.orders.log_of(partition);
        for (std::size_t begin = 0; begin < log.size();) {
            std::size_t end = begin + 1;
            while (end < log.size() && log[end].offset == log[begin].offset) ++end;
            if (end - begin > 1) report_shared_offset(seen, log.subspan(begin, end - begin), into);
            begin = end;
        }
    }
}

void check_aborted(const evidence& seen, findings& into) {
    const auto& rows = seen.history.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        if (rows[at].type != op_type::fail) continue;
        const bool promised = rows[at].what == act::send || seen.asked.keeps_aborted_hidden();
        for (const event& one : seen.history.events_of(rows[at])) {
            if (one.kind != event_kind::sent || seen.orders.writer_of(one.subject) != at) continue;
            const std::uint32_t reader = seen.orders.first_reader_of(one.subject);
            if (reader == none) continue;
            into.add("G1a", promised, [&] {
                return anomaly{
                    .operations = seen.operations({at, reader}),
                    .what = fmt::format("{} polled {}, whose send failed in {}",
                                        seen.operation(reader),
                                        seen.message(one.subject),
                                        seen.operation(at)),
                    .places = seen.places(one.subject, {seen.orders.offset_of(one.subject)})};
            });
        }
    }
}

void check_precommitted(const evidence& seen, findings& into) {
    const auto& rows = seen.history.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        for (const event& one : seen.history.events_of(rows[at])) {
            if (one.kind != event_kind::polled || seen.orders.writer_of(one.subject) != at)
                continue;
            into.add("precommitted-read", seen.asked.read_committed, [&] {
                return anomaly{.operations = seen.operations({at}),
                               .what = fmt::format("{} polled {}, which it had sent itself",
                                                   seen.operation(at),
                                                   seen.message(one.subject))};
            });
            break;
        }
    }
}

}  // namespace

void check_messages(const evidence& seen, findings& into) {
    check_phantoms(seen, into);
    check_duplicates(seen, into);
    check_offsets(seen, into);
    check_aborted(seen, into);
    check_precommitted(seen, into);
}

}  // namespace verdikt::checker::log
