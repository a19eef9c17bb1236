#include "kafka/records/validation.h"

#include "kafka/records/record_parser.h"
#include "runtime/check.h"

#include <fmt/format.h>

namespace verdikt::kafka::records {
namespace {

using std::unexpected;

constexpr std::int16_t produce_version_with_zstd = 7;

rejection refuse(error_code code, std::string message) {
    return {.code = code, .message = std::move(message)};
}

/// Exactly one whole batch, of the one format that Produce 3 and later may carry.
std::expected<batch_view, rejection> single_batch(std::span<const std::byte> bytes) {
    const auto batch = batch_view::parse(bytes);
    if (!batch) {
        // An impossible length is damage, which sending again may mend; the rest is how the client
        // is made.
        const auto code = batch.error() == errc::bad_length ? error_code::corrupt_message
                                                            : error_code::invalid_record;
        return unexpected(refuse(
            code,
            fmt::format("The request must hold one record batch: {}", describe(batch.error()))));
    }
    if (batch->size() != bytes.size()) {
        return unexpected(
            refuse(error_code::invalid_record, "More than one record batch for a partition"));
    }
    return *batch;
}

std::optional<rejection> judge_codec(std::optional<codec> which, const produce_rules& rules) {
    if (!which) {
        return refuse(error_code::unsupported_compression_type,
                      "Unknown compression codec in the batch");
    }
    if (*which == codec::zstd && rules.produce_version < produce_version_with_zstd) {
        return refuse(error_code::unsupported_compression_type,
                      fmt::format("Produce version {} may not carry zstd", rules.produce_version));
    }
    return std::nullopt;
}

std::optional<rejection> judge_size(std::size_t size, const produce_rules& rules) {
    if (size <= rules.message_bytes_max) return std::nullopt;
    return refuse(
        error_code::message_too_large,
        fmt::format(
            "The batch is of {} bytes, max.message.bytes is {}", size, rules.message_bytes_max));
}

std::optional<rejection> judge_header(const batch_header& header, const produce_rules& rules) {
    const auto invalid = [](std::string message) {
        return refuse(error_code::invalid_record, std::move(message));
    };
    if (header.record_count <= 0)
        return invalid(fmt::format("A batch of {} records", header.record_count));
    if (header.last_offset_delta != header.record_count - 1) {
        return invalid(fmt::format("Last offset delta {} does not go with {} records",
                                   header.last_offset_delta,
                                   header.record_count));
    }
    if (rules.origin == batch_origin::coordinator) return std::nullopt;
    if (header.attributes.is_control()) return invalid("Clients may not write control records");
    // Some clients send sequence 0 without a producer id: the sequence counts only beside one.
    if (header.has_producer_id() && header.base_sequence.value() < 0) {
        return invalid(fmt::format(
            "Sequence {} of producer {}", header.base_sequence.value(), header.producer_id));
    }
    return std::nullopt;
}

/// Walks the records once and remembers what the log must know of them.
class record_judge {
  public:
    record_judge(const batch_header& header, const produce_rules& rules)
        : header_(header), rules_(rules) {
        if (rules.timestamps == timestamp_type::create_time) {
            earliest_ = saturating_sum(rules.now.value(), -rules.timestamp_before_ms_max);
            latest_ = saturating_sum(rules.now.value(), rules.timestamp_after_ms_max);
        }
    }

    /// False if the bytes are not the records that the header announces.
    [[nodiscard]] bool walk(std::span<const std::byte> payload) {
        const std::byte* at = payload.data();
        const std::byte* const end = at + payload.size();
        record_view record;
        for (std::int32_t index = 0; index < header_.record_count; ++index) {
            at = take_record(at, end, record);
            if (at == nullptr || record.offset_delta != index) [[unlikely]]
                return false;
            judge(index, record);
        }
        return at == end;
    }

    [[nodiscard]] timestamp max_timestamp() const { return max_timestamp_; }
    [[nodiscard]] std::int32_t max_timestamp_offset_delta() const {
        return max_timestamp_offset_delta_;
    }

    [[nodiscard]] bool has_refused() const { return refused_ > 0; }
    [[nodiscard]] rejection take_rejection() {
        const auto code = bad_time_ ? error_code::invalid_timestamp : error_code::invalid_record;
        return {.code = code,
                .message = fmt::format("{} of {} records refused; the first: {}",
                                       refused_,
                                       header_.record_count,
                                       errors_.front().message),
                .record_errors = std::move(errors_)};
    }

  private:
    static std::int64_t saturating_sum(std::int64_t left, std::int64_t right) {
        std::int64_t sum = 0;
        if (!__builtin_add_overflow(left, right, &sum)) return sum;
        return right < 0 ? std::numeric_limits<std::int64_t>::min()
                         : std::numeric_limits<std::int64_t>::max();
    }

    [[gnu::always_inline]] void judge(std::int32_t index, const record_view& record) {
        const timestamp time = record.timestamp_in(header_);
        if (time > max_timestamp_) {
            max_timestamp_ = time;
            max_timestamp_offset_delta_ = index;
        }
        const bool lacks_key = rules_.keys_required && !record.key;
        const bool is_late_or_early =
            time != no_timestamp && (time.value() < earliest_ || time.value() > latest_);
        if (lacks_key || is_late_or_early) [[unlikely]]
            note(index, lacks_key, time);
    }

    [[gnu::noinline]] void note(std::int32_t index, bool lacks_key, timestamp time) {
        ++refused_;
        bad_time_ = bad_time_ || !lacks_key;
        if (errors_.size() >= record_errors_max) return;
        errors_.push_back(
            {.batch_index = index,
             .message =
                 lacks_key ? "A compacted topic accepts no record without a key"
                           : fmt::format(
                                 "Timestamp {} is not within [{}, {}]", time, earliest_, latest_)});
    }

    const batch_header& header_;
    const produce_rules& rules_;
    std::int64_t earliest_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t latest_ = std::numeric_limits<std::int64_t>::max();
    timestamp max_timestamp_ = no_timestamp;
    std::int32_t max_timestamp_offset_delta_ = 0;
    std::int64_t refused_ = 0;
    bool bad_time_ = false;
    std::vector<record_error> errors_;
};

rejection refuse_payload(errc error) {
    // Not "corrupt": the checksum is right, so these are the bytes that the client meant to send,
    // and sending them again would not help.
    const auto code =
        error == errc::too_large ? error_code::message_too_large : error_code::invalid_record;
    return refuse(code, fmt::format("The records cannot be read: {}", describe(error)));
}

/// A producer that claims the broker's timestamp type.
std::optional<rejection> judge_timestamp_type(const batch_header& header,
                                              const produce_rules& rules) {
    if (rules.origin == batch_origin::coordinator) return std::nullopt;
    if (header.attributes.timestamps() == timestamp_type::create_time) return std::nullopt;
    return refuse(error_code::invalid_timestamp,
                  "Producers may not set the timestamp type LogAppendTime");
}

std::optional<codec> recompression(codec producers,
                                   const batch_header& header,
                                   const produce_rules& rules) {
    if (!rules.compression_codec || *rules.compression_codec == producers) return std::nullopt;
    // Control records stay as the coordinator wrote them.
    if (header.attributes.is_control()) return std::nullopt;
    return rules.compression_codec;
}

}  // namespace

std::expected<accepted_batch, rejection> validate_produce_batch(std::span<const std::byte> bytes,
                                                                const produce_rules& rules,
                                                                compression& codecs,
                                                                byte_buffer& scratch) {
    const auto batch = single_batch(bytes);
    if (!batch) return unexpected(batch.error());
    const batch_header header = batch->header();
    const auto which = header.attributes.compression_codec();
    if (auto refused = judge_codec(which, rules)) return unexpected(std::move(*refused));
    if (auto refused = judge_size(batch->size(), rules)) return unexpected(std::move(*refused));
    if (!batch->checksum_matches()) {
        return unexpected(
            refuse(error_code::corrupt_message, "The batch does not match its checksum"));
    }
    if (auto refused = judge_header(header, rules)) return unexpected(std::move(*refused));
    if (auto refused = judge_timestamp_type(header, rules)) return unexpected(std::move(*refused));

    const auto payload =
        uncompressed_payload(*batch, codecs, rules.uncompressed_bytes_max, scratch);
    if (!payload) return unexpected(refuse_payload(payload.error()));
    record_judge judge(header, rules);
    if (!judge.walk(*payload)) return unexpected(refuse_payload(errc::bad_record));
    if (judge.has_refused()) return unexpected(judge.take_rejection());

    const bool uses_append_time = rules.timestamps == timestamp_type::log_append_time;
    return accepted_batch{
        .header = header,
        .timestamps = rules.timestamps,
        .max_timestamp = uses_append_time ? rules.now : judge.max_timestamp(),
        .max_timestamp_offset_delta = uses_append_time ? 0 : judge.max_timestamp_offset_delta(),
        .recompress_to = recompression(*which, header, rules),
    };
}

std::expected<void, rejection> recompress(std::span<const std::byte> bytes,
                                          const accepted_batch& accepted,
                                          const produce_rules& rules,
                                          compression& codecs,
                                          const byte_buffer& scratch,
                                          byte_buffer& output) {
    CHECK(accepted.recompress_to.has_value());
    const bool was_compressed = accepted.header.attributes.compression_codec() != codec::none;
    const std::span<const std::byte> records =
        was_compressed ? scratch.bytes() : bytes.subspan(batch_header_size);
    const codec which = *accepted.recompress_to;
    output.clear();
    static_cast<void>(output.extend(batch_header_size));
    const int level = rules.compression_level.value_or(default_level(which));
    const auto done = codecs.compress(which, level, records, output);
    if (!done) {
        return unexpected(
            refuse(error_code::unknown_server_error, std::string(describe(done.error()))));
    }
    if (auto refused = judge_size(output.size(), rules)) return unexpected(std::move(*refused));
    batch_header header = accepted.header;
    header.attributes = header.attributes.with(which);
    header.length = static_cast<std::int32_t>(output.size() - batch_prefix_size);
    store_batch_header(header, output.bytes());
    store_checksum(output.bytes());
    return {};
}

void prepare_for_append(std::span<std::byte> batch,
                        const accepted_batch& accepted,
                        placement where) {
    set_base_offset(batch, where.base_offset);
    set_leader_epoch(batch, where.epoch);
    set_max_timestamp(batch, accepted.timestamps, accepted.max_timestamp);
}

}  // namespace verdikt::kafka::records
