/// Any bytes as what groups leave behind: records of __consumer_offsets, and what consumers tell
/// one another. What is accepted survives being written and read again.
///
/// The first byte says what follows:
///     0  a record: a byte for the key's size, the key, the value
///     1  the key of a tombstone
///     2  a subscription
///     3  an assignment
#include "broker/coordinator/group.h"
#include "broker/coordinator/stored_records.h"
#include "broker/coordinator/subscription.h"
#include "client/group_protocol.h"
#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/versioned.h"
#include "runtime/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace verdikt {
namespace {

using bytes = std::span<const std::byte>;
namespace coordinator = broker::coordinator;
namespace messages = kafka::messages;

void check_same(const coordinator::read_offset& read) {
    const auto written = read.value
                             ? coordinator::offset_record(read.group, read.where, *read.value)
                             : coordinator::offset_tombstone(read.group, read.where);
    const auto again = coordinator::read_record(written.key, written.value);
    const auto* same = std::get_if<coordinator::read_offset>(&again);
    CHECK(same != nullptr && same->group == read.group && same->where == read.where);
    CHECK(same->value.has_value() == read.value.has_value());
    if (read.value) CHECK(same->value->at == read.value->at);
}

void check_same(const coordinator::read_group& read) {
    const auto written = read.state ? coordinator::group_record(read.group, *read.state, read.since)
                                    : coordinator::group_tombstone(read.group);
    const auto again = coordinator::read_record(written.key, written.value);
    const auto* same = std::get_if<coordinator::read_group>(&again);
    CHECK(same != nullptr && same->group == read.group);
    CHECK(same->state.has_value() == read.state.has_value());
    if (!read.state) return;
    // A coordinator that takes the partition over must be able to live with it.
    coordinator::effects out;
    coordinator::group::restore({}, *read.state, out).check_invariants();
}

void check_same(const coordinator::unreadable&) {}

void check_record(bytes key, std::optional<bytes> value) {
    const auto read = coordinator::read_record(key, value);
    std::visit([](const auto& what) { check_same(what); }, read);
}

void check_subscription(bytes input) {
    if (const auto read = client::read_subscription(input)) {
        CHECK(client::read_subscription(client::write_subscription(*read)) == read);
    }
    (void)messages::decode_versioned<messages::consumer_protocol_subscription>(input);
    (void)coordinator::subscribed_topics(input);
}

void check_assignment(bytes input) {
    if (const auto read = client::read_assignment(input)) {
        CHECK(client::read_assignment(client::write_assignment(*read)) == read);
    }
    (void)messages::decode_versioned<messages::consumer_protocol_assignment>(input);
}

void check(bytes input) {
    if (input.empty()) return;
    const auto what = std::to_integer<unsigned>(input[0]);
    input = input.subspan(1);
    if (what == 0 && !input.empty()) {
        const std::size_t wanted = std::to_integer<std::size_t>(input[0]);
        const std::size_t key_size = std::min(wanted, input.size() - 1);
        check_record(input.subspan(1, key_size), input.subspan(1 + key_size));
    }
    if (what == 1) check_record(input, std::nullopt);
    if (what == 2) check_subscription(input);
    if (what == 3) check_assignment(input);
}

}  // namespace
}  // namespace verdikt

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    verdikt::check(std::as_bytes(std::span(data, size)));
    return 0;
}
