/// Any bytes as the small files that a log directory keeps, and as their names: what is accepted
/// survives being written and read again.
///
/// The first byte says which file it is.
#include "broker/storage/checkpoint_file.h"
#include "broker/storage/file_names.h"
#include "broker/storage/offset_index.h"
#include "broker/storage/producer_table.h"
#include "broker/storage/time_index.h"
#include "broker/storage/transaction_index.h"
#include "kafka/endian.h"
#include "kafka/records/crc32c.h"
#include "runtime/check.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::storage {
namespace {

using bytes = std::span<const std::byte>;

constexpr kafka::offset base{1'000};

std::string_view text_of(bytes input) {
    return {reinterpret_cast<const char*>(input.data()), input.size()};
}

void check_offset_index(bytes input) {
    const std::uint64_t log_size = std::uint64_t{1} << 31;
    auto index = offset_index::decode(base, input, log_size);
    if (!index) return;
    index->check_invariants();
    CHECK(offset_index::decode(base, index->encode(), log_size) == index);
    for (const auto& entry : index->entries()) {
        const kafka::offset held = base + std::int64_t{entry.relative_offset};
        CHECK(index->position_before(held) <= entry.position);
    }
    index->truncate_to(base + 10);
    index->check_invariants();
}

void check_time_index(bytes input) {
    auto index = time_index::decode(base, input);
    if (!index) return;
    index->check_invariants();
    CHECK(time_index::decode(base, index->encode()) == index);
    for (const auto& entry : index->entries()) {
        CHECK(index->first_offset_that_may_reach(entry.time) <= index->offset_of(entry));
    }
    index->truncate_to(base + 10);
    index->check_invariants();
}

void check_transaction_index(bytes input) {
    auto index = transaction_index::decode(input);
    if (!index) return;
    index->check_invariants();
    CHECK(transaction_index::decode(index->encode()) == index);
    std::vector<transaction_index::entry> found;
    (void)index->collect(kafka::offset(0), base, found);
    CHECK(found.size() <= index->entries().size());
    index->truncate_to(base);
    index->check_invariants();
}

void check_snapshot(bytes input) {
    const auto table = decode_snapshot(input);
    if (!table) return;
    table->check_invariants();
    const auto again = decode_snapshot(encode_snapshot(*table));
    CHECK(again && *again == *table);
}

/// With the checksum put right, so that mutations reach what lies behind it.
void check_snapshot_behind_checksum(bytes input) {
    std::vector<std::byte> sound(input.begin(), input.end());
    constexpr std::size_t covered_from = 6;
    if (sound.size() < covered_from) return;
    kafka::store_big_endian<std::uint32_t>(
        &sound[2], kafka::records::crc32c(bytes(sound).subspan(covered_from)));
    check_snapshot(sound);
}

void check_offset_checkpoint(bytes input) {
    const auto offsets = parse_offset_checkpoint(text_of(input));
    if (!offsets) return;
    CHECK(parse_offset_checkpoint(print_offset_checkpoint(*offsets)) == offsets);
}

void check_epoch_checkpoint(bytes input) {
    const auto epochs = parse_epoch_checkpoint(text_of(input));
    if (!epochs) return;
    leader_epoch_cache(*epochs).check_invariants();
    CHECK(parse_epoch_checkpoint(print_epoch_checkpoint(*epochs)) == epochs);
}

void check_partition_metadata(bytes input) {
    const auto id = parse_partition_metadata(text_of(input));
    if (!id) return;
    CHECK(parse_partition_metadata(print_partition_metadata(*id)) == id);
}

void check_directory_properties(bytes input) {
    const auto entries = parse_properties(text_of(input));
    CHECK(parse_properties(print_properties(entries)) == entries);
}

void check_names(bytes input) {
    const std::string_view name = text_of(input);
    if (const auto file = parse_log_file_name(name)) {
        CHECK(parse_log_file_name(to_string(*file)) == file);
    }
    if (const auto which = parse_directory_name(name)) {
        CHECK(parse_directory_name(directory_name(*which)) == which);
    }
}

constexpr std::array checks{check_offset_index,
                            check_time_index,
                            check_transaction_index,
                            check_snapshot,
                            check_snapshot_behind_checksum,
                            check_offset_checkpoint,
                            check_epoch_checkpoint,
                            check_partition_metadata,
                            check_directory_properties,
                            check_names};

}  // namespace
}  // namespace verdikt::broker::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    const auto which = std::to_integer<std::size_t>(input[0]);
    if (which < verdikt::broker::storage::checks.size())
        verdikt::broker::storage::checks[which](input.subspan(1));
    return 0;
}
