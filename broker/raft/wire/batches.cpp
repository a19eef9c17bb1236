#include "broker/raft/wire/batches.h"

#include "kafka/buffer_reader.h"
#include "kafka/endian.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "kafka/messages/leader_change_message.h"
#include "kafka/messages/voter_records.h"
#include "kafka/records/batch_builder.h"
#include "kafka/records/control.h"
#include "runtime/check.h"

#include <array>
#include <utility>

namespace verdikt::broker::raft::wire {
namespace {

using kafka::messages::leader_change_message;
using kafka::messages::voters_record;
using kafka::records::control_type;
using kafka::records::errc;

/// The first that knows the directories of voters.
constexpr std::int16_t leader_change_version = 1;
constexpr std::int16_t voters_version = 0;

/// These messages carry their version as their first field, so the body is all there is.
template <typename Message>
std::vector<std::byte> encode_value(const Message& message) {
    kafka::messages::encoded out;
    const auto written = kafka::messages::encode(message, message.version, out);
    CHECK(written.has_value(), "a control record that cannot be written");
    return std::move(out.bytes);
}

leader_change_message::voter voter_entry(const voter_set& voters, node_id node) {
    return {.voter_id = node.value(),
            .voter_directory_id =
                voters.contains(node) ? voters.key_of(node).directory : kafka::uuid{}};
}

std::vector<std::byte> encode_change(const leader_change& change) {
    leader_change_message message{.version = leader_change_version,
                                  .leader_id = change.leader.value()};
    for (const auto& [node, entry] : change.voters.all())
        message.voters.push_back(voter_entry(change.voters, node));
    for (const node_id node : change.granting)
        message.granting_voters.push_back(voter_entry(change.voters, node));
    return encode_value(message);
}

std::vector<std::byte> encode_voters(const voter_set& voters) {
    voters_record message{.version = voters_version};
    for (const auto& [node, entry] : voters.all()) {
        voters_record::voter made{.voter_id = node.value(), .voter_directory_id = entry.directory};
        made.kraft_version_feature.max_supported_version = 1;
        for (const endpoint& each : entry.endpoints)
            made.endpoints.push_back({each.name, each.host, each.port});
        message.voters.push_back(std::move(made));
    }
    return encode_value(message);
}

voter_set to_voters(const voters_record& message) {
    std::map<node_id, voter> voters;
    for (const auto& each : message.voters) {
        voter made{.directory = each.voter_directory_id};
        for (const auto& point : each.endpoints)
            made.endpoints.push_back({point.name, point.host, point.port});
        voters.emplace(node_id(each.voter_id), std::move(made));
    }
    return voter_set(std::move(voters));
}

/// The voters that a control batch names, if it does.
std::expected<std::optional<voter_set>, errc> voters_in(const kafka::records::batch_view& view) {
    std::optional<voter_set> named;
    kafka::records::record_reader records(view.payload(), view.record_count());
    while (!records.done()) {
        const auto record = records.next();
        if (!record) return std::unexpected(record.error());
        const auto type = kafka::records::control_type_of(*record);
        if (!type) return std::unexpected(type.error());
        if (*type != control_type::kraft_voters) continue;
        if (!record->value) return std::unexpected(errc::bad_record);
        kafka::buffer_reader reader(*record->value);
        const auto message = kafka::messages::decode<voters_record>(reader, voters_version);
        if (!message) return std::unexpected(errc::bad_record);
        named = to_voters(*message);
    }
    return named;
}

std::expected<batch, errc> to_batch(const kafka::records::batch_view& view) {
    const kafka::records::batch_header header = view.header();
    if (!view.checksum_matches()) return std::unexpected(errc::bad_checksum);
    // The quorum counts offsets by records: nothing is ever compacted away here.
    if (header.record_count != header.last_offset_delta + 1 || header.record_count <= 0)
        return std::unexpected(errc::bad_record);
    batch made{.base = header.base_offset,
               .epoch = header.epoch,
               .record_count = header.record_count,
               .bytes = std::make_shared<std::vector<std::byte>>(view.bytes().begin(),
                                                                 view.bytes().end())};
    if (header.attributes.is_control()) {
        auto voters = voters_in(view);
        if (!voters) return std::unexpected(voters.error());
        if (*voters) made.content = **std::move(voters);
    }
    return made;
}

}  // namespace

std::vector<std::byte> control_batch(control_type type,
                                     std::span<const std::byte> value,
                                     kafka::timestamp time) {
    std::array<std::byte, 4> key{};
    kafka::store_big_endian<std::int16_t>(key.data() + 2, static_cast<std::int16_t>(type));
    const std::array records{kafka::records::new_record{.time = time, .key = key, .value = value}};
    const auto made = kafka::records::make_batch(records, {.control = true});
    return {made.data(), made.data() + made.size()};
}

payload encode_batch(const batch& next, kafka::timestamp time) {
    std::vector<std::byte> bytes;
    if (next.bytes) {
        bytes = *next.bytes;
    } else if (const auto* change = std::get_if<leader_change>(&next.content)) {
        bytes = control_batch(control_type::leader_change, encode_change(*change), time);
    } else if (const auto* voters = std::get_if<voter_set>(&next.content)) {
        bytes = control_batch(control_type::kraft_voters, encode_voters(*voters), time);
    }
    CHECK(!bytes.empty(), "records without bytes");
    kafka::records::set_base_offset(bytes, next.base);
    kafka::records::set_leader_epoch(bytes, next.epoch);
    return std::make_shared<std::vector<std::byte>>(std::move(bytes));
}

std::expected<std::vector<batch>, errc> decode_batches(std::span<const std::byte> bytes) {
    std::vector<batch> found;
    kafka::records::batch_reader batches(bytes);
    while (!batches.done()) {
        const auto view = batches.next();
        if (!view) return std::unexpected(view.error());
        auto made = to_batch(*view);
        if (!made) return std::unexpected(made.error());
        found.push_back(*std::move(made));
    }
    return found;
}

}  // namespace verdikt::broker::raft::wire
