#include "broker/storage/disk_health.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::storage {

bool disk_health::fail(std::string reason) {
    if (reason_) return false;
    reason_ = std::move(reason);
    return true;
}

bool disk_health::measured(runtime::disk_space space) {
    space_ = space;
    left_ = space.available;
    return set_below_reserve(left_ == 0 || left_ < reserved_);
}

bool disk_health::ran_out() {
    left_ = 0;
    return set_below_reserve(true);
}

bool disk_health::take(std::uint64_t bytes, append_origin origin) {
    const bool may_use_reserve = origin != append_origin::client;
    if (!may_use_reserve && (left_ < bytes || left_ - bytes < reserved_)) return false;
    left_ -= std::min(left_, bytes);
    return true;
}

bool disk_health::set_below_reserve(bool below) {
    return std::exchange(below_reserve_, below) != below;
}

}  // namespace verdikt::broker::storage
