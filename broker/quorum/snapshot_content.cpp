#include "broker/quorum/snapshot_content.h"

#include "broker/raft/wire/batches.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "kafka/messages/snapshot_records.h"
#include "kafka/records/batch_builder.h"
#include "kafka/records/control.h"
#include "runtime/check.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace verdikt::broker::quorum {
namespace {

using kafka::messages::snapshot_footer_record;
using kafka::messages::snapshot_header_record;
using kafka::records::control_type;

/// A batch holds about so much, so that none needs much memory at once.
constexpr std::size_t batch_bytes = std::size_t{512} << 10;

/// Appends batches, each at the offset behind the one before, as if the snapshot were a log.
class snapshot_writer {
  public:
    snapshot_writer(raft::leader_epoch epoch, kafka::timestamp time) : epoch_(epoch), time_(time) {}

    void add(raft::batch next) {
        next.base = next_;
        next.epoch = epoch_;
        next_ = next.end();
        const raft::payload encoded = raft::wire::encode_batch(next, time_);
        bytes_.insert(bytes_.end(), encoded->begin(), encoded->end());
    }

    template <typename Message>
    void add_control(control_type type, const Message& message) {
        kafka::messages::encoded value;
        const auto written = kafka::messages::encode(message, message.version, value);
        CHECK(written.has_value(), "a control record that cannot be written");
        add({.bytes = std::make_shared<std::vector<std::byte>>(
                 raft::wire::control_batch(type, value.bytes, time_))});
    }

    void add_frames(std::span<const frame> frames) {
        while (!frames.empty()) {
            std::size_t count = 0;
            for (std::size_t size = 0; count < frames.size() && size < batch_bytes; ++count) {
                size += frames[count].size();
            }
            add({.record_count = static_cast<std::int32_t>(count),
                 .bytes = std::make_shared<std::vector<std::byte>>(
                     batch_of(frames.first(count), time_))});
            frames = frames.subspan(count);
        }
    }

    [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    raft::leader_epoch epoch_;
    kafka::timestamp time_;
    raft::offset next_{0};
    std::vector<std::byte> bytes_;
};

struct control_record {
    control_type type{};
    std::span<const std::byte> value;
};

/// The first record of a control batch.
std::optional<control_record> control_in(const raft::batch& which) {
    const auto view = kafka::records::batch_view::parse(*which.bytes);
    if (!view || !view->attributes().is_control()) return std::nullopt;
    kafka::records::record_reader records(view->payload(), view->record_count());
    const auto record = records.next();
    if (!record) return std::nullopt;
    const auto type = kafka::records::control_type_of(*record);
    if (!type || !record->value) return std::nullopt;
    return control_record{.type = *type, .value = *record->value};
}

std::expected<void, std::string> add_to(snapshot_content& content, const raft::batch& next) {
    if (const auto* voters = std::get_if<raft::voter_set>(&next.content)) {
        content.voters = *voters;
        return {};
    }
    if (const auto control = control_in(next)) {
        if (control->type != control_type::snapshot_header) return {};
        const auto header = kafka::messages::decode<snapshot_header_record>(control->value, 0);
        if (!header) return std::unexpected(std::string("its header cannot be read"));
        content.time = kafka::timestamp(header->last_contained_log_timestamp);
        return {};
    }
    const auto frames = frames_in(*next.bytes);
    if (!frames) return std::unexpected(fmt::format("the batch at {} cannot be read", next.base));
    for (const auto& each : *frames) content.frames.emplace_back(each.begin(), each.end());
    return {};
}

}  // namespace

std::vector<std::byte> encode_snapshot(const snapshot_content& content, raft::leader_epoch epoch) {
    snapshot_writer writer(epoch, content.time);
    writer.add_control(
        control_type::snapshot_header,
        snapshot_header_record{.last_contained_log_timestamp = content.time.value()});
    if (content.voters) writer.add({.content = *content.voters});
    writer.add_frames(content.frames);
    writer.add_control(control_type::snapshot_footer, snapshot_footer_record{});
    return writer.take();
}

std::expected<snapshot_content, std::string> decode_snapshot(std::span<const std::byte> bytes) {
    const auto batches = raft::wire::decode_batches(bytes);
    if (!batches) return std::unexpected(std::string(describe(batches.error())));
    std::size_t size = 0;
    snapshot_content content;
    for (const raft::batch& each : *batches) {
        size += each.bytes->size();
        if (const auto added = add_to(content, each); !added) {
            return std::unexpected(added.error());
        }
    }
    const auto last = batches->empty() ? std::nullopt : control_in(batches->back());
    if (size != bytes.size() || !last || last->type != control_type::snapshot_footer) {
        return std::unexpected(std::string("it is not whole"));
    }
    return content;
}

}  // namespace verdikt::broker::quorum
