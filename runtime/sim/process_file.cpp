#include "runtime/sim/process_file.h"

#include "runtime/check.h"
#include "runtime/sim/disk_work.h"
#include "runtime/sim/process.h"
#include "runtime/sim/world.h"

namespace verdikt::runtime::sim {

namespace {

class read_job final : public disk_job {
  public:
    read_job(sim::disk& on, inode& from, std::uint64_t position, mutable_bytes into)
        : disk_job(on, disk_operation::read), inode_(from), position_(position), into_(into) {}

    std::expected<std::size_t, errc> result;

  private:
    void cut_short() override {}

    void perform() override {
        if (const auto fault = disk_.draw_fault(disk_operation::read, false)) {
            disk_.record(effect::file_error, into_.size(), position_);
            result = std::unexpected(*fault);
            return;
        }
        result = inode_.content.read(position_, into_);
        disk_.record(effect::file_read, *result, position_);
    }

    inode& inode_;
    std::uint64_t position_;
    mutable_bytes into_;
};

std::uint64_t bytes_in(std::span<const const_bytes> pieces) {
    std::uint64_t bytes = 0;
    for (const const_bytes piece : pieces) bytes += piece.size();
    return bytes;
}

class write_job final : public disk_job {
  public:
    write_job(sim::disk& on, inode& to, std::uint64_t position, std::span<const const_bytes> pieces)
        : disk_job(on, disk_operation::write), inode_(to), position_(position), pieces_(pieces) {}

    std::expected<void, errc> result;

  private:
    void cut_short() override { write_up_to(disk_.random().below(bytes_in(pieces_) + 1)); }

    void perform() override {
        const std::uint64_t size = bytes_in(pieces_);
        const auto fault = disk_.draw_fault(disk_operation::write, true);
        if (fault) {
            disk_.record(effect::file_error, size, position_);
            if (*fault == errc::io_error) cut_short();
            result = std::unexpected(*fault);
            return;
        }
        if (disk_.random().chance(disk_.write_back_chance())) {
            inode_.content.write_some_back(disk_.random());
        }
        if (write_up_to(size) == size) return;
        disk_.count_refusal();
        disk_.record(effect::file_error, size, position_);
        result = std::unexpected(errc::no_space);
    }

    std::uint64_t write_up_to(std::uint64_t limit) {
        std::uint64_t done = 0;
        for (const const_bytes piece : pieces_) {
            const auto wanted =
                static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), limit - done));
            const const_bytes taken = piece.first(wanted);
            const std::size_t written = inode_.content.write(position_ + done, taken);
            disk_.record(effect::file_write, written, hash_bytes(taken) ^ position_);
            done += written;
            if (written < piece.size()) break;
        }
        disk_.count_write(done);
        return done;
    }

    inode& inode_;
    std::uint64_t position_;
    std::span<const const_bytes> pieces_;
};

class sync_job final : public disk_job {
  public:
    sync_job(sim::disk& on, inode& what) : disk_job(on, disk_operation::sync), inode_(what) {}

    std::expected<void, errc> result;

  private:
    void cut_short() override { inode_.content.write_some_back(disk_.random()); }

    void perform() override {
        if (const auto fault = disk_.draw_fault(disk_operation::sync, false)) {
            disk_.record(effect::file_error, inode_.content.size(), 0);
            inode_.content.sync_failed();
            result = std::unexpected(*fault);
            return;
        }
        disk_.count_sync();
        disk_.record(effect::file_sync, inode_.content.size(), 0);
        inode_.content.sync_succeeded();
    }

    inode& inode_;
};

class truncate_job final : public disk_job {
  public:
    truncate_job(sim::disk& on, inode& what, std::uint64_t size)
        : disk_job(on, disk_operation::write), inode_(what), size_(size) {}

    std::expected<void, errc> result;

  private:
    void cut_short() override {}

    void perform() override {
        if (const auto fault = disk_.draw_fault(disk_operation::write, true)) {
            disk_.record(effect::file_error, size_, 0);
            result = std::unexpected(*fault);
            return;
        }
        disk_.record(effect::file_truncate, size_, 0);
        inode_.content.truncate(size_);
    }

    inode& inode_;
    std::uint64_t size_;
};

}  // namespace

process_file::process_file(process& of, sim::disk& on, std::shared_ptr<inode> opened, bool writable)
    : process_(of), disk_(on), inode_(std::move(opened)), writable_(writable) {
    inode_->add_handle();
}

process_file::~process_file() {
    inode_->drop_handle();
}

awaitable<std::expected<std::size_t, errc>> process_file::read_at(std::uint64_t position,
                                                                  mutable_bytes into) {
    process_.require_life();
    read_job job(disk_, *inode_, position, into);
    job.begin(inode_->last_due, into.size());
    process_.disk_jobs().enlist(job);
    co_await job.arrival_uncancellable();
    job.settle();
    co_return job.result;
}

awaitable<std::expected<void, errc>> process_file::write_at(std::uint64_t position,
                                                            std::span<const const_bytes> pieces) {
    process_.require_life();
    if (!writable_) co_return std::unexpected(errc::not_permitted);
    write_job job(disk_, *inode_, position, pieces);
    job.begin(inode_->last_due, bytes_in(pieces));
    process_.disk_jobs().enlist(job);
    co_await job.arrival_uncancellable();
    job.settle();
    co_return job.result;
}

awaitable<std::expected<void, errc>> process_file::sync() {
    process_.require_life();
    sync_job job(disk_, *inode_);
    job.begin(inode_->last_due, 0);
    process_.disk_jobs().enlist(job);
    co_await job.arrival_uncancellable();
    job.settle();
    co_return job.result;
}

awaitable<std::expected<void, errc>> process_file::truncate(std::uint64_t size) {
    process_.require_life();
    if (!writable_) co_return std::unexpected(errc::not_permitted);
    truncate_job job(disk_, *inode_, size);
    job.begin(inode_->last_due, 0);
    process_.disk_jobs().enlist(job);
    co_await job.arrival_uncancellable();
    job.settle();
    co_return job.result;
}

}  // namespace verdikt::runtime::sim
