#include "sample_data.h"

#include <fmt/format.h>

#include <iterator>
#include <span>

namespace verdikt::bench {

namespace records = kafka::records;

records::byte_buffer noise(std::size_t size) {
    noise_source source;
    records::byte_buffer bytes(size + 8);
    while (bytes.size() < size) {
        const std::uint64_t word = source.next();
        bytes.append(std::as_bytes(std::span(&word, 1)));
    }
    bytes.truncate(size);
    return bytes;
}

std::string events(std::size_t size) {
    noise_source source;
    std::string text;
    text.reserve(size + 200);
    while (text.size() < size) {
        fmt::format_to(
            std::back_inserter(text),
            R"({{"time":{},"user":"u{:05}","action":"{}","item":{},"session":"{:016x}"}})"
            "\n",
            1'700'000'000'000 + source.next() % 100'000,
            source.next() % 20'000,
            source.next() % 3 == 0 ? "purchase" : "view",
            source.next() % 5000,
            source.next());
    }
    text.resize(size);
    return text;
}

records::byte_buffer sample_batch(std::size_t batch_size,
                                  std::size_t value_size,
                                  records::codec which) {
    const std::string text = events(batch_size);
    records::batch_builder builder;
    std::int64_t time = 1'700'000'000'000;
    for (std::size_t at = 0; at + value_size <= text.size(); at += value_size) {
        builder.append({.time = kafka::timestamp(time++),
                        .key = std::nullopt,
                        .value = std::as_bytes(std::span(text).subspan(at, value_size))});
    }
    records::byte_buffer batch;
    batch.append(builder.build({.compression_codec = which}, records::compression::of_this_thread())
                     .value());
    return batch;
}

}  // namespace verdikt::bench
