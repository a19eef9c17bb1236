#include "broker/server/topic_registry.h"

#include "broker/storage/small_file.h"
#include "runtime/check.h"

namespace verdikt::broker::server {

std::shared_ptr<storage::partition_log> topic::log(std::int32_t partition) const {
    if (partition < 0 || static_cast<std::size_t>(partition) >= partitions.size()) return nullptr;
    return partitions[static_cast<std::size_t>(partition)];
}

topic_registry::topic_registry(runtime::environment& world,
                               broker_config& config,
                               storage::log_directory& directory,
                               std::filesystem::path path,
                               saved_state state)
    : world_(world),
      config_(config),
      directory_(directory),
      path_(std::move(path)),
      state_(std::move(state)) {
    config_.set_dynamic(state_.broker_configs);
}

std::shared_ptr<topic> topic_registry::find(std::string_view name) const {
    const auto found = topics_.find(name);
    return found == topics_.end() ? nullptr : found->second;
}

std::shared_ptr<topic> topic_registry::find(const kafka::uuid& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

runtime::awaitable<change_result> topic_registry::save(saved_state next) {
    const auto saved = co_await storage::replace_file(world_.files(), path_, encode_state(next));
    if (!saved) {
        world_.log().write(runtime::log_level::error,
                           "state_not_saved",
                           {{"reason", runtime::describe(saved.error())}});
        co_return std::unexpected(kafka::error_code::kafka_storage_error);
    }
    state_ = std::move(next);
    co_return change_result{};
}

runtime::awaitable<change_result> topic_registry::recover() {
    const auto turn = co_await changes_.take();
    if (auto finished = co_await finish_deletions(); !finished) co_return finished;
    std::vector<std::string> names;
    for (const auto& [name, saved] : state_.topics) names.push_back(name);
    for (const std::string& name : names) {
        if (auto taken = co_await take_up(name); !taken) co_return taken;
    }
    for (const auto& log : directory_.partitions()) {
        if (find(log->partition().topic) != nullptr) continue;
        // Never deleted: if the state file was lost, these may be all that is left of the data.
        world_.log().write(
            runtime::log_level::warning, "stray_partition", {{"partition", log->partition()}});
    }
    co_return change_result{};
}

runtime::awaitable<change_result> topic_registry::take_up(std::string name) {
    const saved_topic saved = state_.topics.find(name)->second;
    auto which = std::make_shared<topic>(topic{.name = name,
                                               .id = saved.id,
                                               .configs = saved.configs,
                                               .settings = settings_of(saved.configs, config_),
                                               .partitions = {}});
    if (auto opened = co_await open_partitions(*which, saved.partitions); !opened) {
        co_return opened;
    }
    by_id_.emplace(which->id, which);
    topics_.emplace(std::move(name), std::move(which));
    co_return change_result{};
}

/// Adds partitions until there are `count`, creating those that the directory does not have.
runtime::awaitable<change_result> topic_registry::open_partitions(topic& which,
                                                                  std::int32_t count) {
    while (which.partitions.size() < static_cast<std::size_t>(count)) {
        const kafka::partition_index index(static_cast<std::int32_t>(which.partitions.size()));
        const kafka::topic_partition name{which.name, index};
        std::shared_ptr<storage::partition_log> log = directory_.partition(name);
        if (log == nullptr) {
            auto created = co_await directory_.create_partition(name, which.id, which.settings.log);
            if (!created) {
                world_.log().write(
                    runtime::log_level::error,
                    "partition_not_created",
                    {{"partition", name}, {"reason", storage::describe(created.error())}});
                co_return std::unexpected(kafka::error_code::kafka_storage_error);
            }
            log = std::move(*created);
        }
        log->configure(which.settings.log);
        log->set_sole_replica(true);
        which.partitions.push_back(std::move(log));
    }
    co_return change_result{};
}

runtime::awaitable<change_result> topic_registry::finish_deletions() {
    if (state_.deleted.empty()) co_return change_result{};
    const std::vector<deleted_topic> deleted = state_.deleted;
    for (const deleted_topic& gone : deleted) {
        for (std::int32_t index = 0; index < gone.partitions; ++index) {
            const auto removed =
                co_await directory_.delete_partition({gone.name, kafka::partition_index(index)});
            if (!removed && removed.error() != storage::errc::not_found) {
                co_return std::unexpected(kafka::error_code::kafka_storage_error);
            }
        }
    }
    saved_state next = state_;
    next.deleted.clear();
    co_return co_await save(std::move(next));
}

kafka::uuid topic_registry::draw_id() {
    kafka::uuid id;
    do {
        world_.random().fill(id.bytes);
    } while (id.is_zero() || by_id_.contains(id));
    return id;
}

runtime::awaitable<std::expected<std::shared_ptr<topic>, kafka::error_code>> topic_registry::create(
    std::string name, std::int32_t partitions, config_map configs) {
    CHECK(partitions >= 1 && partitions <= topic_partitions_max);
    const auto turn = co_await changes_.take();
    if (state_.topics.contains(name)) {
        co_return std::unexpected(kafka::error_code::topic_already_exists);
    }
    // An earlier topic of this name must be gone from the disk before its name is used again.
    if (auto finished = co_await finish_deletions(); !finished) {
        co_return std::unexpected(finished.error());
    }
    saved_state next = state_;
    next.topics.emplace(name, saved_topic{draw_id(), partitions, std::move(configs)});
    if (auto saved = co_await save(std::move(next)); !saved) {
        co_return std::unexpected(saved.error());
    }
    if (auto taken = co_await take_up(name); !taken) {
        saved_state without = state_;
        without.topics.erase(name);
        without.deleted.push_back({name, partitions});
        co_await save(std::move(without));
        co_return std::unexpected(taken.error());
    }
    world_.log().write(
        runtime::log_level::info, "topic_created", {{"topic", name}, {"partitions", partitions}});
    co_return find(name);
}

runtime::awaitable<change_result> topic_registry::remove(std::string name) {
    const auto turn = co_await changes_.take();
    const std::shared_ptr<topic> gone = find(name);
    if (gone == nullptr) co_return std::unexpected(kafka::error_code::unknown_topic_or_partition);
    saved_state next = state_;
    next.topics.erase(name);
    next.deleted.push_back({name, static_cast<std::int32_t>(gone->partitions.size())});
    if (auto saved = co_await save(std::move(next)); !saved) co_return saved;
    topics_.erase(name);
    by_id_.erase(gone->id);
    world_.log().write(runtime::log_level::info, "topic_deleted", {{"topic", name}});
    co_return co_await finish_deletions();
}

runtime::awaitable<change_result> topic_registry::grow(std::string name, std::int32_t partitions) {
    CHECK(partitions <= topic_partitions_max);
    const auto turn = co_await changes_.take();
    const std::shared_ptr<topic> which = find(name);
    if (which == nullptr) co_return std::unexpected(kafka::error_code::unknown_topic_or_partition);
    if (static_cast<std::size_t>(partitions) <= which->partitions.size()) {
        co_return std::unexpected(kafka::error_code::invalid_partitions);
    }
    saved_state next = state_;
    next.topics.find(name)->second.partitions = partitions;
    if (auto saved = co_await save(std::move(next)); !saved) co_return saved;
    co_return co_await open_partitions(*which, partitions);
}

runtime::awaitable<change_result> topic_registry::set_configs(std::string name,
                                                              config_map configs) {
    const auto turn = co_await changes_.take();
    const std::shared_ptr<topic> which = find(name);
    if (which == nullptr) co_return std::unexpected(kafka::error_code::unknown_topic_or_partition);
    saved_state next = state_;
    next.topics.find(name)->second.configs = configs;
    if (auto saved = co_await save(std::move(next)); !saved) co_return saved;
    which->configs = std::move(configs);
    which->settings = settings_of(which->configs, config_);
    for (const auto& log : which->partitions) log->configure(which->settings.log);
    co_return change_result{};
}

runtime::awaitable<change_result> topic_registry::set_broker_configs(config_map configs) {
    const auto turn = co_await changes_.take();
    saved_state next = state_;
    next.broker_configs = std::move(configs);
    if (auto saved = co_await save(std::move(next)); !saved) co_return saved;
    config_.set_dynamic(state_.broker_configs);
    for (const auto& [name, which] : topics_) {
        which->settings = settings_of(which->configs, config_);
        for (const auto& log : which->partitions) log->configure(which->settings.log);
    }
    co_return change_result{};
}

runtime::awaitable<std::expected<std::int64_t, kafka::error_code>>
topic_registry::reserve_producer_ids(std::int64_t count) {
    const auto turn = co_await changes_.take();
    const std::int64_t first = state_.next_producer_id;
    saved_state next = state_;
    next.next_producer_id = first + count;
    if (auto saved = co_await save(std::move(next)); !saved) {
        co_return std::unexpected(saved.error());
    }
    co_return first;
}

void topic_registry::check_invariants() const {
    CHECK(topics_.size() == by_id_.size());
    for (const auto& [name, which] : topics_) {
        const auto saved = state_.topics.find(name);
        CHECK(saved != state_.topics.end(), "{} is not saved", name);
        CHECK(saved->second.id == which->id, "{} has another id", name);
        CHECK(saved->second.configs == which->configs, "{} has other configs", name);
        CHECK(by_id_.contains(which->id), "{} is not found by its id", name);
    }
}

}  // namespace verdikt::broker::server
