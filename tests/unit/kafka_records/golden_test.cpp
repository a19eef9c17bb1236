/// Batches that other people's clients sent to a socket that answered just enough for them to
/// produce. Each file says which client and codec; all hold the same three records.
#include "kafka/records/validation.h"
#include "sample.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace verdikt::kafka::records {
namespace {

constexpr std::int64_t sent_at = 1'700'000'000'000;

std::vector<sample_record> expected_records() {
    std::string value;
    for (int i = 0; i < 40; ++i) value += "value-0 ";
    return {{.time = sent_at,
             .key = "key-0",
             .value = value,
             .headers = {{"trace", "\x01\x02"}, {"empty", ""}}},
            {.time = sent_at + 5, .key = std::nullopt, .value = "second", .headers = {}},
            {.time = sent_at + 3, .key = "tombstone", .value = std::nullopt, .headers = {}}};
}

byte_buffer read_hex(const std::filesystem::path& path) {
    std::ifstream file(path);
    byte_buffer bytes;
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with('#')) continue;
        for (std::size_t at = 0; at + 2 <= line.size(); at += 2) {
            *bytes.extend(1) = static_cast<std::byte>(std::stoi(line.substr(at, 2), nullptr, 16));
        }
    }
    return bytes;
}

/// The codec is the last word of the file's name.
codec codec_of(const std::filesystem::path& path) {
    const std::string name = path.stem().string();
    return codec_named(name.substr(name.rfind('-') + 1)).value();
}

class golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(golden, batch_reads_as_the_records_that_the_client_was_given) {
    const byte_buffer bytes = read_hex(GetParam());
    const auto batch = batch_view::parse(bytes.bytes());
    ASSERT_TRUE(batch.has_value());
    EXPECT_EQ(batch->size(), bytes.size());
    EXPECT_TRUE(batch->checksum_matches());
    EXPECT_EQ(batch->attributes().compression_codec(), codec_of(GetParam()));
    EXPECT_EQ(batch->max_timestamp(), timestamp(sent_at + 5));
    EXPECT_EQ(read_all(*batch).value(), expected_records());
}

TEST_P(golden, batch_passes_the_leaders_checks) {
    const byte_buffer bytes = read_hex(GetParam());
    byte_buffer scratch;
    const auto verdict = validate_produce_batch(
        bytes.bytes(), {.now = timestamp(sent_at)}, compression::of_this_thread(), scratch);
    ASSERT_TRUE(verdict.has_value()) << verdict.error().message;
    EXPECT_EQ(verdict->max_timestamp_offset_delta, 1);
}

TEST_P(golden, batch_is_byte_for_byte_what_our_builder_makes_of_the_same_records) {
    const byte_buffer bytes = read_hex(GetParam());
    const batch_view theirs = batch_view::parse(bytes.bytes()).value();
    const batch_header header = theirs.header();
    const byte_buffer ours = batch_of(expected_records(),
                                      {.epoch = header.epoch,
                                       .producer_id = header.producer_id,
                                       .producer_epoch = header.producer_epoch,
                                       .base_sequence = header.base_sequence});
    byte_buffer scratch;
    const auto payload =
        uncompressed_payload(theirs, compression::of_this_thread(), generous_limit, scratch);
    EXPECT_EQ(text_of(ours.bytes().subspan(batch_header_size)), text_of(payload.value()));
    // Compressors differ in what they make of it; without one, the whole batch is the same.
    if (codec_of(GetParam()) == codec::none)
        EXPECT_EQ(text_of(ours.bytes()), text_of(theirs.bytes()));
}

std::vector<std::filesystem::path> golden_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(GOLDEN_FOLDER)) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

INSTANTIATE_TEST_SUITE_P(clients, golden, testing::ValuesIn(golden_files()), [](const auto& info) {
    std::string name = info.param.stem().string();
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(golden_batches, cover_every_codec_of_two_clients) {
    EXPECT_EQ(golden_files().size(), 11U);
}

}  // namespace
}  // namespace verdikt::kafka::records
