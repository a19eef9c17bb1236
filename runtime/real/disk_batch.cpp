#include "runtime/real/disk_batch.h"

#include "runtime/real/disk_calls.h"
#include "runtime/real/kernel_error.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace verdikt::runtime::real {

namespace {

int sync_data(int file) {
    while (::fdatasync(file) != 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

}  // namespace

bool disk_batch::transfer(disk_request_list waiting, const receiver& finished) {
    counters_.batches.fetch_add(1, std::memory_order_relaxed);
    order_.clear();
    syncs_.clear();
    while (!waiting.empty()) {
        disk_request& request = waiting.pop();
        order_.push_back({request.file_number, order_.size(), &request});
    }
    std::ranges::sort(order_);

    disk_request_list over;
    for (const place& taken : order_) carry_out(*taken.request);
    flush_gathered();
    for (const place& taken : order_) {
        if (taken.request->what != disk_request::kind::sync) over.push(*taken.request);
    }
    if (!over.empty()) finished(over.take_all());
    return !syncs_.empty();
}

void disk_batch::carry_out(disk_request& request) {
    if (request.what == disk_request::kind::write) return gather(request);
    if (request.what == disk_request::kind::sync) return syncs_.push_back(&request);
    flush_gathered();
    if (request.what == disk_request::kind::call) return request.call();
    counters_.reads.fetch_add(1, std::memory_order_relaxed);
    const transfer_outcome outcome =
        read_fully(request.file_descriptor, request.position, request.into);
    request.transferred = outcome.transferred;
    request.error = outcome.error;
}

void disk_batch::gather(disk_request& write) {
    counters_.writes.fetch_add(1, std::memory_order_relaxed);
    const bool follows = !gathered_.empty() && gathered_.back()->file_number == write.file_number &&
                         gathered_.back()->position + gathered_.back()->size == write.position &&
                         gathered_pieces_ + write.pieces.size() <= IOV_MAX;
    if (!follows) flush_gathered();
    gathered_.push_back(&write);
    gathered_pieces_ += write.pieces.size();
}

void disk_batch::flush_gathered() {
    if (gathered_.empty()) return;
    pieces_.clear();
    for (const disk_request* write : gathered_) {
        for (const const_bytes piece : write->pieces) {
            // pwritev only reads through the pointer; its type is shared with preadv.
            pieces_.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
        }
    }
    std::uint64_t calls = 0;
    const transfer_outcome outcome = write_fully(
        gathered_.front()->file_descriptor, gathered_.front()->position, pieces_, calls);
    counters_.write_calls.fetch_add(calls, std::memory_order_relaxed);
    counters_.bytes_written.fetch_add(outcome.transferred, std::memory_order_relaxed);

    std::size_t left = outcome.transferred;
    for (disk_request* write : gathered_) {
        write->transferred = std::min<std::size_t>(left, write->size);
        if (write->transferred < write->size) write->error = outcome.error;
        left -= write->transferred;
    }
    gathered_.clear();
    gathered_pieces_ = 0;
}

void disk_batch::sync(const receiver& finished) {
    for (auto from = syncs_.begin(); from != syncs_.end();) {
        const auto to = std::find_if(from, syncs_.end(), [from](const disk_request* sync) {
            return sync->file_number != (*from)->file_number;
        });
        const int failure = sync_data((*from)->file_descriptor);
        counters_.sync_calls.fetch_add(1, std::memory_order_relaxed);
        counters_.syncs.fetch_add(static_cast<std::uint64_t>(to - from), std::memory_order_relaxed);
        disk_request_list over;
        for (; from != to; ++from) {
            if (failure != 0) (*from)->error = file_error(failure);
            over.push(**from);
        }
        finished(over.take_all());
    }
}

}  // namespace verdikt::runtime::real
