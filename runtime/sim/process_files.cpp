#include "runtime/sim/process_files.h"

#include "runtime/check.h"
#include "runtime/sim/process.h"
#include "runtime/sim/process_file.h"
#include "runtime/sim/world.h"

#include <type_traits>

namespace verdikt::runtime::sim {

namespace {

/// An operation on names: `action` is what it does to the disk.
template <typename Action>
class names_job final : public disk_job {
  public:
    using outcome = std::invoke_result_t<Action&, sim::disk&>;

    names_job(sim::disk& on, disk_operation kind, bool mutates, Action& action)
        : disk_job(on, kind), drawn_as_(kind), mutates_(mutates), action_(action) {}

    outcome result = std::unexpected(errc::io_error);

  private:
    void cut_short() override {}

    void perform() override {
        if (const auto fault = disk_.draw_fault(drawn_as_, mutates_)) {
            disk_.record(effect::file_error, 0, 0);
            result = std::unexpected(*fault);
            return;
        }
        result = action_(disk_);
        disk_.record(effect::file_metadata, result.has_value() ? 1 : 0, mutates_ ? 1 : 0);
    }

    disk_operation drawn_as_;
    bool mutates_;
    Action& action_;
};

/// The kernel lets go of a dead process' locks, so the owner counts only while it lives.
class process_lock final : public directory_lock {
  public:
    process_lock(sim::disk& on, std::filesystem::path at, const process& owner)
        : disk_(on), at_(std::move(at)), owner_(owner) {}

    ~process_lock() override {
        const auto held = disk_.locks().find(at_);
        if (held != disk_.locks().end() && held->second == &owner_) disk_.locks().erase(held);
    }

  private:
    sim::disk& disk_;
    std::filesystem::path at_;
    const process& owner_;
};

std::expected<void, errc> take_lock(sim::disk& disk,
                                    const std::filesystem::path& at,
                                    const process& taker) {
    if (const auto opened = disk.tree().open(at, open_mode::create); !opened) {
        return std::unexpected(opened.error());
    }
    const process*& owner = disk.locks()[at];
    if (owner != nullptr && owner->alive()) return std::unexpected(errc::locked);
    owner = &taker;
    return {};
}

}  // namespace

template <typename Action>
awaitable<std::invoke_result_t<Action&, sim::disk&>> process_files::carry_out(sim::disk& on,
                                                                              disk_operation kind,
                                                                              bool mutates,
                                                                              Action action) {
    process_.require_life();
    names_job<Action> job(on, kind, mutates, action);
    instant unordered{};
    job.begin(unordered, 0);
    jobs_.push_back(job);
    co_await job.arrival_uncancellable();
    job.settle();
    co_return std::move(job.result);
}

awaitable<std::expected<std::unique_ptr<file>, errc>> process_files::open(
    std::filesystem::path path, open_mode mode) {
    sim::disk& on = process_.home().disk_of(path);
    const bool creates = mode == open_mode::create || mode == open_mode::create_new;
    const bool makes = creates && on.tree().find_file(path) == nullptr;
    auto opened = co_await carry_out(on, disk_operation::metadata, makes, [&](sim::disk& disk) {
        return disk.tree().open(path, mode);
    });
    if (!opened) co_return std::unexpected(opened.error());
    co_return std::make_unique<process_file>(
        process_, on, std::move(*opened), mode != open_mode::read);
}

awaitable<std::expected<void, errc>> process_files::rename(std::filesystem::path from,
                                                           std::filesystem::path to) {
    sim::disk& on = process_.home().disk_of(from);
    if (&on != &process_.home().disk_of(to)) co_return std::unexpected(errc::not_permitted);
    co_return co_await carry_out(on, disk_operation::metadata, true, [&](sim::disk& disk) {
        return disk.tree().rename(from, to);
    });
}

awaitable<std::expected<void, errc>> process_files::remove(std::filesystem::path path) {
    sim::disk& on = process_.home().disk_of(path);
    co_return co_await carry_out(on, disk_operation::metadata, true, [&](sim::disk& disk) {
        return disk.tree().remove(path);
    });
}

awaitable<std::expected<void, errc>> process_files::remove_all(std::filesystem::path path) {
    sim::disk& on = process_.home().disk_of(path);
    co_return co_await carry_out(on, disk_operation::metadata, true, [&](sim::disk& disk) {
        return disk.tree().remove_all(path);
    });
}

awaitable<std::expected<void, errc>> process_files::create_directories(std::filesystem::path path) {
    sim::disk& on = process_.home().disk_of(path);
    const bool makes = !on.tree().is_directory(path);
    co_return co_await carry_out(on, disk_operation::metadata, makes, [&](sim::disk& disk) {
        return disk.tree().create_directories(path);
    });
}

awaitable<std::expected<void, errc>> process_files::sync_directory(std::filesystem::path path) {
    sim::disk& on = process_.home().disk_of(path);
    co_return co_await carry_out(on, disk_operation::sync, false, [&](sim::disk& disk) {
        return disk.tree().sync_directory(path);
    });
}

awaitable<std::expected<std::vector<directory_entry>, errc>> process_files::list(
    std::filesystem::path path) {
    sim::disk& on = process_.home().disk_of(path);
    co_return co_await carry_out(on, disk_operation::metadata, false, [&](sim::disk& disk) {
        return disk.tree().list(path);
    });
}

awaitable<std::expected<disk_space, errc>> process_files::space(std::filesystem::path path) {
    sim::disk& on = process_.home().disk_of(path);
    const auto look = [](sim::disk& disk) -> std::expected<disk_space, errc> {
        const std::uint64_t total = disk.capacity();
        const std::uint64_t used = disk.used();
        return disk_space{.available = total > used ? total - used : 0, .total = total};
    };
    co_return co_await carry_out(on, disk_operation::metadata, false, look);
}

awaitable<std::expected<std::unique_ptr<directory_lock>, errc>> process_files::lock(
    std::filesystem::path path) {
    sim::disk& on = process_.home().disk_of(path);
    path = ("/" / path).lexically_normal();
    const auto taken = co_await carry_out(on, disk_operation::metadata, true, [&](sim::disk& disk) {
        return take_lock(disk, path, process_);
    });
    if (!taken) co_return std::unexpected(taken.error());
    co_return std::make_unique<process_lock>(on, path, process_);
}

void process_files::die() {
    random_source& random = process_.home().disk().random();
    std::uint64_t completed = random.below(jobs_.size() + 1);
    bool cut_short = false;
    while (!jobs_.empty()) {
        auto& job = static_cast<disk_job&>(jobs_.front());
        jobs_.pop_front();
        if (completed > 0) {
            --completed;
            job.complete_unattended();
        } else if (!cut_short) {
            cut_short = true;
            job.be_cut_short();
        }
        job.abort();
    }
}

}  // namespace verdikt::runtime::sim
