/// Time in a storm over pure cores: what happens, in the order of its moments, and of its making
/// where these are equal. The storms of whole programs have `runtime::sim::world` instead.
#pragma once

#include "runtime/clock.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace verdikt::tests {

class scheduler {
  public:
    [[nodiscard]] runtime::instant now() const { return now_; }
    /// How much has happened.
    [[nodiscard]] std::uint64_t happened() const { return happened_; }

    /// A moment that has passed means now.
    void at(runtime::instant when, std::function<void()> what) {
        coming_.emplace(std::pair(std::max(when, now_), ++made_), std::move(what));
    }
    void after(runtime::duration delay, std::function<void()> what) {
        at(now_ + delay, std::move(what));
    }
    void run_until(runtime::instant end) {
        while (!coming_.empty() && coming_.begin()->first.first <= end) {
            const auto next = coming_.extract(coming_.begin());
            now_ = next.key().first;
            ++happened_;
            next.mapped()();
        }
        now_ = end;
    }

  private:
    runtime::instant now_{};
    std::uint64_t made_ = 0;
    std::uint64_t happened_ = 0;
    std::map<std::pair<runtime::instant, std::uint64_t>, std::function<void()>> coming_;
};

}  // namespace verdikt::tests
