#include "servers.h"

#include "wire_load.h"

#include <charconv>
#include <stdexcept>

namespace verdikt::bench {

namespace {

constexpr std::string_view announcement = "listening";
constexpr std::string_view port_field = "port=";

std::uint16_t announced_port(const std::string& line) {
    const std::size_t at = line.find(port_field);
    std::uint16_t port = 0;
    const char* const from = line.data() + at + port_field.size();
    const bool found = at != std::string::npos &&
                       std::from_chars(from, line.data() + line.size(), port).ec == std::errc();
    if (!found) throw std::runtime_error("no port in: " + line);
    return port;
}

}  // namespace

server::server(std::string_view program, const std::vector<std::string>& arguments, placement where)
    : process_(program_beside_us(program),
               arguments,
               where == placement::pinned ? processor_of_servers() : std::nullopt),
      port_(announced_port(process_.wait_for_line(announcement))) {}

server start_broker(const std::filesystem::path& directory, durability mode, placement where) {
    std::vector<std::string> arguments;
    const auto set = [&arguments](std::string property) {
        arguments.emplace_back("--override");
        arguments.push_back(std::move(property));
    };
    set("listeners=PLAINTEXT://127.0.0.1:0");
    set("log.dirs=" + directory.string());
    // Batches of 1 MiB are a little larger with their headers; the time stamps of ours are old.
    set("message.max.bytes=4194304");
    set("log.retention.ms=-1");
    if (mode == durability::page_cache) set("log.flush.interval.messages=9223372036854775807");
    return {"verdikt-broker", arguments, where};
}

server start_roof(std::vector<std::string> arguments, placement where) {
    return {"verdikt-bench-roof", arguments, where};
}

void create_topic(const server& broker, std::int32_t partitions) {
    wire_load admin(broker.port(), {}, check_create_topic_answer);
    const frame request = create_topic_request(partitions);
    admin.run({&request, 1}, 1);
}

}  // namespace verdikt::bench
