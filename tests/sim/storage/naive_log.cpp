#include "tests/sim/storage/naive_log.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace verdikt::broker::storage::naive {

namespace {

std::optional<bool> read_marker(const kafka::records::batch_view& view) {
    const auto attributes = view.attributes();
    if (!attributes.is_control() || !attributes.is_transactional()) return std::nullopt;
    // Record: length, attributes, timestamp delta, offset delta (all small), key length 4, key.
    const auto payload = view.payload();
    for (std::size_t at = 0; at + 4 < payload.size(); ++at) {
        if (payload[at] != std::byte{8}) continue;  // zigzag(4)
        return payload[at + 4] == std::byte{0};
    }
    return std::nullopt;
}

segment read_segment(kafka::offset base, const std::vector<std::byte>& content) {
    segment made{.base = base};
    std::span<const std::byte> rest = content;
    while (!rest.empty()) {
        const auto view = kafka::records::batch_view::parse(rest);
        if (!view || !view->checksum_matches()) break;
        made.batches.push_back({.header = view->header(),
                                .position = content.size() - rest.size(),
                                .bytes = {view->bytes().begin(), view->bytes().end()},
                                .aborts = read_marker(*view)});
        rest = rest.subspan(view->size());
    }
    made.rest = rest.size();
    return made;
}

void apply(log& all, const segment& in, const batch& each) {
    const auto& header = each.header;
    if (all.epochs.empty() || all.epochs.back().first < header.epoch) {
        all.epochs.emplace_back(header.epoch, header.base_offset);
    }
    if (!header.has_producer_id()) return;
    auto [found, is_new] = all.producers.try_emplace(header.producer_id);
    producer& mine = found->second;
    if (is_new || mine.epoch != header.producer_epoch) mine.recent.clear();
    mine.epoch = header.producer_epoch;
    if (header.attributes.is_control()) {
        if (mine.open_transaction && each.aborts == true) {
            all.aborted_by_segment[in.base].push_back({.producer = header.producer_id,
                                                       .first = *mine.open_transaction,
                                                       .marker = header.base_offset});
        }
        mine.open_transaction.reset();
        return;
    }
    mine.recent.emplace_back(header.base_sequence, header.base_offset);
    if (mine.recent.size() > 5) mine.recent.erase(mine.recent.begin());
    if (header.attributes.is_transactional() && !mine.open_transaction) {
        mine.open_transaction = header.base_offset;
    }
}

}  // namespace

kafka::offset log::end() const {
    const segment& last = segments.back();
    return last.batches.empty() ? last.base : last.batches.back().header.next_offset();
}

const batch* log::find(kafka::offset base) const {
    for (const segment& each : segments) {
        for (const batch& one : each.batches) {
            if (one.header.base_offset == base) return &one;
        }
    }
    return nullptr;
}

log read(const runtime::sim::disk& disk, const std::filesystem::path& directory) {
    log all;
    for (const std::filesystem::path& path : disk.files_below(directory)) {
        if (path.extension() != ".log") continue;
        std::int64_t base = 0;
        const std::string stem = path.stem().string();
        std::from_chars(stem.data(), stem.data() + stem.size(), base);
        all.segments.push_back(read_segment(kafka::offset(base), *disk.content(path)));
    }
    std::ranges::sort(all.segments, {}, &segment::base);
    for (const segment& each : all.segments) {
        for (const batch& one : each.batches) apply(all, each, one);
    }
    return all;
}

std::vector<std::pair<kafka::offset, std::uint64_t>> offset_entries(const segment& of,
                                                                    std::int64_t interval) {
    std::vector<std::pair<kafka::offset, std::uint64_t>> entries;
    std::int64_t since = 0;
    for (const batch& each : of.batches) {
        if (since > interval) {
            entries.emplace_back(each.header.last_offset(), each.position);
            since = 0;
        }
        since += static_cast<std::int64_t>(each.bytes.size());
    }
    return entries;
}

std::vector<std::pair<kafka::timestamp, kafka::offset>> time_entries(const segment& of,
                                                                     std::int64_t interval,
                                                                     bool sealed) {
    std::set<kafka::offset> indexed;
    for (const auto& [offset, position] : offset_entries(of, interval)) indexed.insert(offset);
    std::vector<std::pair<kafka::timestamp, kafka::offset>> entries;
    kafka::timestamp newest = kafka::no_timestamp;
    kafka::offset at = of.base;
    const auto add = [&] {
        const bool later = entries.empty() || entries.back().first < newest;
        if (newest > kafka::no_timestamp && later) entries.emplace_back(newest, at);
    };
    for (const batch& each : of.batches) {
        if (each.header.max_timestamp > newest) {
            newest = each.header.max_timestamp;
            at = each.header.base_offset;
        }
        if (indexed.contains(each.header.last_offset())) add();
    }
    if (sealed) add();
    return entries;
}

}  // namespace verdikt::broker::storage::naive
