#include "tests/sim/client_programs/restless_sender.h"

#include "client/closing.h"
#include "tests/sim/client_programs/impatient_client.h"

#include <array>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;

client::client_config restless_sender::draw_config(runtime::random_source& random) const {
    static constexpr std::array codecs{"none", "gzip", "snappy", "lz4", "zstd"};
    client::client_config config = impatient_client(plan_.servers);
    config.client_id = "sender";
    config.acks = plan_.acks;
    config.enable_idempotence = plan_.idempotent;
    config.compression_type = codecs.at(random.below(codecs.size()));
    config.batch_size = random.between(80, 600);
    config.linger_ms = std::chrono::milliseconds(random.between(0, 20));
    config.max_in_flight_requests_per_connection = random.between(1, 5);
    config.buffer_memory = random.between(2'000, 100'000);
    // Some give up long before a trouble has passed.
    config.request_timeout_ms = std::chrono::milliseconds(random.between(200, 3'000));
    config.delivery_timeout_ms =
        config.request_timeout_ms + config.linger_ms +
        std::chrono::milliseconds(random.chance(0.5) ? random.between(0, 1'000) : 10'000);
    config.max_block_ms = std::chrono::milliseconds(random.between(500, 15'000));
    return config;
}

awaitable<void> restless_sender::run(runtime::environment& world) {
    if (all_sent()) co_return;
    ++life_;
    client::producer sending(world, draw_config(world.random()));
    co_await client::use_and_close(sending, send_all(world, sending));
}

awaitable<void> restless_sender::send_all(runtime::environment& world, client::producer& through) {
    waiting pending;
    while (!all_sent()) {
        co_await send_next(world, through, pending);
        note_done(pending);
        if (world.random().chance(0.3)) {
            co_await world.sleep_for(
                std::chrono::milliseconds(world.random().between(0, plan_.rest_max.count())));
        }
        if (world.random().chance(0.02)) co_await through.flush();
    }
    for (const auto& [name, delivery] : pending) {
        auto waited = delivery.wait();
        history_.told(name, co_await std::move(waited));
    }
}

awaitable<void> restless_sender::send_next(runtime::environment& world,
                                           client::producer& through,
                                           waiting& pending) {
    const record_name name{.producer = index_, .life = life_, .number = sent_++};
    const std::string text = name.text();
    const std::string key = draw_key(world.random(), name);
    history_.sending(name, world.now());
    auto appending = through.append(
        {.topic = plan_.topic,
         .key = key.empty() ? std::nullopt : client::nullable_bytes(client::as_bytes(key)),
         .value = client::as_bytes(text)});
    auto placed = co_await std::move(appending);
    if (placed) {
        pending.emplace_back(name, std::move(*placed));
    } else {
        history_.told(name, client::failed{.why = placed.error()});
    }
}

std::string restless_sender::draw_key(runtime::random_source& random,
                                      const record_name& name) const {
    if (plan_.keys > 0) return std::to_string(name.number % plan_.keys);
    return random.chance(0.3) ? name.text() : std::string();
}

void restless_sender::note_done(waiting& pending) {
    while (!pending.empty() && pending.front().second.done()) {
        history_.told(pending.front().first, pending.front().second.outcome());
        pending.pop_front();
    }
}

}  // namespace verdikt::tests
