#include "broker/lifecycle/host/clean_stop.h"

#include "broker/storage/small_file.h"
#include "runtime/check.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>

namespace verdikt::broker::lifecycle::host {

namespace {

constexpr std::string_view text_before = R"({"version":0,"brokerEpoch":)";
constexpr std::string_view text_after = "}";

std::optional<kafka::broker_epoch> epoch_in(std::string_view text) {
    if (!text.starts_with(text_before) || !text.ends_with(text_after)) return std::nullopt;
    text.remove_prefix(text_before.size());
    text.remove_suffix(text_after.size());
    std::int64_t epoch = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), epoch);
    if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return kafka::broker_epoch(epoch);
}

runtime::awaitable<kafka::broker_epoch> take_one(runtime::file_system& files,
                                                 std::filesystem::path directory) {
    const std::filesystem::path path = directory / clean_stop_name;
    const auto text = co_await storage::read_text_file(files, path);
    if (!text) co_return kafka::no_broker_epoch;
    const auto removed = co_await files.remove(path);
    if (!removed) co_return kafka::no_broker_epoch;
    const auto durable = co_await files.sync_directory(directory);
    if (!durable) co_return kafka::no_broker_epoch;
    co_return epoch_in(*text).value_or(kafka::no_broker_epoch);
}

}  // namespace

runtime::awaitable<kafka::broker_epoch> take_clean_stop(
    runtime::file_system& files, std::vector<std::filesystem::path> directories) {
    CHECK(!directories.empty());
    const kafka::broker_epoch first = co_await take_one(files, directories.front());
    bool agreed = true;
    for (std::size_t index = 1; index < directories.size(); ++index) {
        const kafka::broker_epoch other = co_await take_one(files, directories[index]);
        agreed = agreed && other == first;
    }
    co_return agreed ? first : kafka::no_broker_epoch;
}

runtime::awaitable<std::expected<void, runtime::errc>> leave_clean_stop(
    runtime::file_system& files,
    std::vector<std::filesystem::path> directories,
    kafka::broker_epoch epoch) {
    const std::string text = fmt::format("{}{}{}", text_before, epoch, text_after);
    for (const std::filesystem::path& directory : directories) {
        auto written = co_await storage::replace_file(files, directory / clean_stop_name, text);
        if (!written) co_return std::unexpected(written.error());
    }
    co_return std::expected<void, runtime::errc>();
}

}  // namespace verdikt::broker::lifecycle::host
