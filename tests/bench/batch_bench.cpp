/// The leader's work on a batch beyond its checksum: decoding every record to check it. And the
/// client's: encoding records into a batch, walking those that it fetched.
#include "kafka/records/crc32c.h"
#include "kafka/records/record.h"
#include "kafka/records/validation.h"
#include "race.h"
#include "sample_data.h"
#include "sections.h"

#include <fmt/format.h>
#include <cstring>

namespace verdikt::bench {
namespace {

namespace records = kafka::records;
using records::codec;

std::size_t walk(const records::batch_view& batch) {
    records::record_reader reader(batch.payload(), batch.record_count());
    std::size_t seen = 0;
    while (!reader.done()) {
        const auto record = reader.next();
        seen += record->value->size();
    }
    return seen;
}

void compare(std::size_t batch_size, std::size_t value_size, const settings& settings) {
    const records::byte_buffer bytes = sample_batch(batch_size, value_size, codec::none);
    const auto batch = records::batch_view::parse(bytes.bytes()).value();
    const std::string text = events(batch_size);
    auto& codecs = records::compression::of_this_thread();
    records::byte_buffer scratch;
    records::byte_buffer copy(bytes.size());
    records::batch_builder builder;
    records::produce_rules rules{.message_bytes_max = bytes.size(),
                                 .now = kafka::timestamp(1'700'000'000'000)};
    const std::vector<contender> contenders{
        {"checksum alone",
         [&] {
             keep(records::crc32c(bytes.bytes()));
             return bytes.size();
         }},
        {"validate as the leader (checksum included)",
         [&] {
             keep(records::validate_produce_batch(bytes.bytes(), rules, codecs, scratch)
                      .has_value());
             return bytes.size();
         }},
        {"walk the records",
         [&] {
             keep(walk(batch));
             return bytes.size();
         }},
        {"build the batch",
         [&] {
             builder.reset();
             for (std::size_t at = 0; at + value_size <= text.size(); at += value_size) {
                 builder.append({.time = kafka::timestamp(1'700'000'000'000),
                                 .key = std::nullopt,
                                 .value = std::as_bytes(std::span(text).subspan(at, value_size))});
             }
             keep(builder.build({}, codecs)->data());
             return bytes.size();
         }},
        {"memcpy",
         [&] {
             copy.clear();
             copy.append(bytes.bytes());
             keep(copy.data());
             return bytes.size();
         }},
    };
    const auto results =
        race_and_print(fmt::format("{} KiB batches of {} B records", batch_size >> 10, value_size),
                       contenders,
                       settings);
    const auto nanoseconds_each = [&](const result& who) {
        const double batches = who.rate / static_cast<double>(bytes.size());
        return 1e9 / batches / batch.record_count();
    };
    fmt::print("    ns a record: checksum {:.1f}, validate {:.1f}, walk {:.1f}, build {:.1f}\n",
               nanoseconds_each(results[0]),
               nanoseconds_each(results[1]),
               nanoseconds_each(results[2]),
               nanoseconds_each(results[3]));
}

}  // namespace

void run_batch_section(const settings& settings) {
    compare(std::size_t{16} << 10, 100, settings);
    compare(std::size_t{1} << 20, 100, settings);
    compare(std::size_t{16} << 10, 1024, settings);
    compare(std::size_t{1} << 20, 1024, settings);
}

}  // namespace verdikt::bench
