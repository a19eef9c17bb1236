#include "broker/storage/recent_batches.h"

#include "runtime/check.h"

namespace verdikt::broker::storage {

void recent_batches::add(const batch_place& batch) {
    if (count_ > 0) {
        CHECK(batch.position == at(count_ - 1).end());
        CHECK(batch.base_offset > at(count_ - 1).last_offset);
    }
    if (count_ == batches_max) {
        ring_[oldest_] = batch;
        oldest_ = (oldest_ + 1) % batches_max;
        return;
    }
    const std::size_t place = (oldest_ + count_) % batches_max;
    if (place == ring_.size()) {
        ring_.push_back(batch);
    } else {
        ring_[place] = batch;
    }
    ++count_;
}

void recent_batches::clear() {
    ring_.clear();
    oldest_ = 0;
    count_ = 0;
}

void recent_batches::truncate_to(kafka::offset offset) {
    while (count_ > 0 && at(count_ - 1).last_offset >= offset) --count_;
    if (count_ == 0) clear();
}

std::optional<batch_place> recent_batches::find(kafka::offset offset) const {
    if (count_ == 0 || offset < at(0).base_offset || offset > at(count_ - 1).last_offset) {
        return std::nullopt;
    }
    std::size_t low = 0;
    std::size_t high = count_ - 1;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (at(middle).last_offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return at(low);
}

void recent_batches::check_invariants() const {
    for (std::size_t which = 1; which < count_; ++which) {
        CHECK(at(which).position == at(which - 1).end());
        CHECK(at(which).base_offset > at(which - 1).last_offset);
    }
}

}  // namespace verdikt::broker::storage
