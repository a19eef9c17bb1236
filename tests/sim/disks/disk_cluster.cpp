#include "tests/sim/disks/disk_cluster.h"

#include "client/closing.h"
#include "runtime/scope.h"
#include "tests/sim/client_programs/impatient_client.h"
#include "tests/sim/client_programs/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace verdikt::tests {

using namespace std::chrono_literals;
using broker::metadata::image;
using runtime::awaitable;

namespace {

const std::string topic = "t";

}  // namespace

disk_cluster::disk_cluster(std::uint64_t seed, const disk_cluster_form& form)
    : universe_(seed),
      sender_(universe_.add_node("sender")),
      reader_(universe_.add_node("reader")),
      taken_(partitions) {
    for (int number = 1; number <= brokers_of_cluster; ++number) {
        disk_machine& made = machines_.emplace_back(universe_, number, form.directories);
        for (const auto& [key, value] : form.settings) made.set(key, value);
    }
}

disk_cluster::~disk_cluster() {
    universe_.end();
}

void disk_cluster::run(const std::function<awaitable<void>()>& story) {
    universe_.run([](disk_cluster& here, const auto& told) -> awaitable<void> {
        for (disk_machine& each : here.machines_) each.start();
        here.sender_.start([&here](runtime::environment& world) { return here.send(world); });
        if (!co_await here.until_each_takes_records(30s) || !co_await here.until_all_in_sync(30s))
            throw std::runtime_error("the cluster does not come up: " + here.picture());
        co_await told();
    }(*this, story));
}

// ---- Waiting.

awaitable<bool> disk_cluster::until(std::function<bool()> holds, runtime::duration patience) {
    const runtime::instant deadline = universe_.now() + patience;
    while (!holds()) {
        if (universe_.now() >= deadline) co_return false;
        co_await universe_.sleep_for(20ms);
    }
    co_return true;
}

awaitable<bool> disk_cluster::until_each_takes_records(runtime::duration patience) {
    const std::vector<std::uint64_t> before = taken_;
    co_return co_await until(
        [&] { return std::ranges::equal(before, taken_, std::ranges::less()); }, patience);
}

awaitable<bool> disk_cluster::until_all_in_sync(runtime::duration patience) {
    co_return co_await until([this] { return all_in_sync(); }, patience);
}

bool disk_cluster::all_in_sync() const {
    for (int which = 0; which < partitions; ++which) {
        const auto* known = partition(which);
        if (known == nullptr || known->isr.size() != brokers_of_cluster) return false;
    }
    return std::ranges::all_of(machines_,
                               [](const auto& each) { return each.services() != nullptr; });
}

awaitable<std::vector<std::string>> disk_cluster::judge() {
    over_ = true;
    co_await sender_.until_stopped();
    if (sender_.failure()) std::rethrow_exception(sender_.failure());
    reader_.start([this](runtime::environment& world) -> awaitable<void> {
        return [](runtime::environment& mine, std::vector<found_record>& into) -> awaitable<void> {
            into = co_await read_topic(mine, impatient_client(addresses_of_cluster()), topic);
        }(world, found_);
    });
    co_await reader_.until_stopped();
    if (reader_.failure()) std::rethrow_exception(reader_.failure());
    co_return history_.judge(found_, {});
}

// ---- The sender.

awaitable<void> disk_cluster::send(runtime::environment& world) {
    ++sender_lives_;
    client::client_config config = impatient_client(addresses_of_cluster());
    config.client_id = "sender";
    config.delivery_timeout_ms = 60s;
    config.max_block_ms = 60s;
    client::producer through(world, config);
    co_await client::use_and_close(through,
                                   [](disk_cluster& here,
                                      runtime::environment& mine,
                                      client::producer& with) -> awaitable<void> {
                                       runtime::scope each(mine.get_executor());
                                       for (int which = 0; which < partitions; ++which)
                                           each.spawn(here.keep_sending(mine, with, which));
                                       co_await each.join();
                                   }(*this, world, through));
}

awaitable<void> disk_cluster::keep_sending(runtime::environment& world,
                                           client::producer& through,
                                           int partition) {
    for (int number = 0; !over_; ++number) {
        const record_name name{.producer = partition, .life = sender_lives_, .number = number};
        const std::string text = name.text();
        history_.sending(name);
        const client::delivery how =
            co_await through.send({.topic = topic,
                                   .partition = kafka::partition_index(partition),
                                   .value = client::as_bytes(text)});
        history_.told(name, how);
        if (std::holds_alternative<client::delivered>(how)) ++taken_.at(partition);
        co_await world.sleep_for(50ms);
    }
}

// ---- Questions.

const image* disk_cluster::newest_image() const {
    const image* newest = nullptr;
    for (const disk_machine& each : machines_) {
        if (each.services() == nullptr) continue;
        const image& known = each.services()->metadata.image();
        if (newest == nullptr || known.position().offset > newest->position().offset)
            newest = &known;
    }
    return newest;
}

int disk_cluster::controller() const {
    int found = 0;
    kafka::leader_epoch newest(-1);
    for (const disk_machine& each : machines_) {
        if (each.services() == nullptr || !each.services()->metadata.is_active()) continue;
        const kafka::leader_epoch epoch = each.services()->quorum.replica().epoch();
        if (epoch <= newest) continue;
        newest = epoch;
        found = each.number();
    }
    return found;
}

const broker::metadata::partition* disk_cluster::partition(int which) const {
    const image* known = newest_image();
    const broker::metadata::topic* found = known == nullptr ? nullptr : known->find_topic(topic);
    if (found == nullptr || found->partitions.size() <= static_cast<std::size_t>(which))
        return nullptr;
    return &found->partitions[static_cast<std::size_t>(which)];
}

int disk_cluster::leader_of(int which) const {
    const auto* known = partition(which);
    return known == nullptr || known->leader == kafka::no_node ? 0 : known->leader.value();
}

std::optional<int> disk_cluster::directory_of(int number, int which) const {
    const auto* here = machines_.at(number - 1).services();
    if (here == nullptr) return std::nullopt;
    const kafka::topic_partition name{topic, kafka::partition_index(which)};
    for (std::size_t at = 0; at < here->directories.size(); ++at) {
        if (here->directories[at]->partition(name) != nullptr) return static_cast<int>(at);
    }
    return std::nullopt;
}

bool disk_cluster::is_fenced(int number) const {
    const image* known = newest_image();
    const auto* found = known == nullptr ? nullptr : known->find_broker(kafka::node_id(number));
    return found == nullptr || found->fenced;
}

std::string disk_cluster::picture() const {
    std::string text = fmt::format("controller {}, {} records failed, {} in doubt",
                                   controller(),
                                   history_.count<client::failed>(),
                                   history_.count<client::unknown>());
    for (int which = 0; which < partitions; ++which) {
        const auto* known = partition(which);
        if (known == nullptr) continue;
        text += fmt::format("\n  {}-{}: leader {} of epoch {}, {} in sync, {} taken",
                            topic,
                            which,
                            known->leader,
                            known->leader_epoch,
                            known->isr.size(),
                            taken_.at(which));
        for (const disk_machine& each : machines_) {
            const auto* here = each.services();
            const auto held = here == nullptr ? nullptr
                                              : here->partitions.find(kafka::topic_partition{
                                                    topic, kafka::partition_index(which)});
            if (held == nullptr) continue;
            text += fmt::format("; on {} {}to {}, durable to {}, committed to {}",
                                each.number(),
                                held->serving_epoch() ? "served, " : "",
                                held->log().log_end(),
                                held->log().durable_end(),
                                held->log().high_watermark());
        }
    }
    for (const disk_machine& each : machines_) {
        text += fmt::format("\n  node {}: {}{}",
                            each.number(),
                            each.services() == nullptr ? "does not serve" : "serves",
                            is_fenced(each.number()) ? ", fenced" : "");
        for (const std::string& why : each.failures()) text += "; " + why;
    }
    return text;
}

}  // namespace verdikt::tests
