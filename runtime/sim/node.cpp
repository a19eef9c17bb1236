#include "runtime/sim/node.h"

#include "runtime/check.h"
#include "runtime/sim/directory_tree.h"
#include "runtime/sim/process.h"
#include "runtime/sim/switchboard.h"
#include "runtime/sim/world.h"

#include <algorithm>

namespace verdikt::runtime::sim {

namespace {

/// Streams of chance that must not shift each other get seeds of their own.
std::uint64_t seed_of(const world& in, node_index index, std::uint64_t purpose) {
    return random_source(in.seed() ^ (purpose << 32U) ^ (index * 0x9e3779b97f4a7c15ULL)).next();
}

constexpr std::uint64_t disk_purpose = 1'000'000;

}  // namespace

node::node(world& in, node_index index, std::string name)
    : world_(in), index_(index), name_(std::move(name)) {
    mounts_.emplace_back("/",
                         std::make_unique<sim::disk>(in, index, seed_of(in, index, disk_purpose)));
}

node::~node() = default;

void node::start(program main) {
    CHECK(current_ == nullptr && !boot_when_stopped_, "{} is running", name_);
    main_ = std::move(main);
    restart();
}

void node::restart() {
    CHECK(current_ == nullptr && !boot_when_stopped_, "{} is running", name_);
    CHECK(main_ != nullptr, "{} was never started", name_);
    if (stopped()) {
        boot();
    } else {
        boot_when_stopped_ = true;
    }
}

void node::boot() {
    boot_when_stopped_ = false;
    clock_.restart(world_.now());
    failure_ = nullptr;
    ++starts_;
    world_.record(effect::node_start, index_, 0, starts_);
    current_ = std::make_unique<process>(*this, seed_of(world_, index_, starts_), main_);
    world_.wires().set_machine_up(index_, true);
    current_->start();
}

void node::crash() {
    world_.record(effect::node_crash, index_, 0, starts_);
    kill(death::crash);
}

void node::power_loss() {
    world_.record(effect::node_power_loss, index_, 0, starts_);
    kill(death::power_loss);
    world_.wires().set_machine_up(index_, false);
    for (auto& [path, mounted] : mounts_) mounted->lose_power();
}

void node::kill(death how) {
    boot_when_stopped_ = false;
    if (current_ == nullptr) return;
    ++unwinding_;
    former_.push_back(std::move(current_));
    former_.back()->die(how);
}

void node::ended(process& which, std::exception_ptr failure) {
    if (&which == current_.get()) {
        world_.record(effect::node_exit, index_, 0, failure ? 1 : 0);
        failure_ = std::move(failure);
        former_.push_back(std::move(current_));
        which.die(death::exit);
    } else {
        CHECK(unwinding_ > 0);
        --unwinding_;
    }
    if (!stopped()) return;
    if (boot_when_stopped_) boot();
    stopped_changed_.notify_all();
}

bool node::running() const {
    return current_ != nullptr || boot_when_stopped_;
}

bool node::stopped() const {
    return current_ == nullptr && unwinding_ == 0;
}

awaitable<void> node::until_stopped() {
    while (running() || !stopped()) co_await stopped_changed_.wait();
}

void node::set_clock_drift(std::int64_t ppm) {
    world_.record(effect::clock_change, index_, 0, static_cast<std::uint64_t>(ppm));
    clock_.set_drift(world_.now(), ppm);
}

void node::jump_wall_clock(duration by) {
    world_.record(effect::clock_change, index_, 1, static_cast<std::uint64_t>(by.count()));
    clock_.jump(by);
}

sim::disk& node::add_disk(const std::filesystem::path& at) {
    CHECK(!running(), "{} gets another disk while it runs", name_);
    const std::uint64_t seed = seed_of(world_, index_, disk_purpose + mounts_.size());
    mounts_.emplace_back(at.lexically_normal(), std::make_unique<sim::disk>(world_, index_, seed));
    sim::disk& made = *mounts_.back().second;
    // What it is mounted on is there whatever happens to the disk: no power loss takes that name.
    CHECK(made.tree().create_directories(mounts_.back().first).has_value());
    for (std::filesystem::path above = mounts_.back().first; above.has_relative_path();) {
        above = above.parent_path();
        CHECK(made.tree().sync_directory(above).has_value());
    }
    return made;
}

sim::disk& node::disk_of(const std::filesystem::path& path) {
    const std::filesystem::path normal = ("/" / path).lexically_normal();
    const auto holds = [&normal](const std::filesystem::path& mount) {
        return std::ranges::mismatch(mount, normal).in1 == mount.end();
    };
    auto best = mounts_.begin();
    for (auto mount = mounts_.begin(); mount != mounts_.end(); ++mount) {
        const bool longer = mount->first.native().size() > best->first.native().size();
        if (longer && holds(mount->first)) best = mount;
    }
    return *best->second;
}

environment& node::current() {
    CHECK(current_ != nullptr, "{} is not running", name_);
    return *current_;
}

}  // namespace verdikt::runtime::sim
