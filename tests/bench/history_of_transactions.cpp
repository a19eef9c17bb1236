/// Transactions on ten keys at a time: a key is left for a fresh one after 32 writes, as Elle's own
/// generator does it, so lists stay short.
#include "history_maker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <vector>

namespace verdikt::bench {

namespace {

constexpr std::size_t keys_at_a_time = 10;
constexpr std::size_t writes_a_key = 32;

class transactions final : public history_maker {
  public:
    explicit transactions(bool lists) : lists_(lists), keys_(keys_at_a_time) {
        for (key& one : keys_) one.name = keys_made_++;
    }

    told_operation draw(std::size_t seat, std::int64_t /*now*/) override {
        told_operation made{
            .process = static_cast<std::int64_t>(seat), .f = "txn", .meant = "[", .done = "["};
        for (std::uint64_t steps = 1 + dice_.pick(4); steps > 0; --steps) {
            add_step(made);
            made.meant += steps > 1 ? "," : "]";
            made.done += steps > 1 ? "," : "]";
        }
        return made;
    }

  private:
    struct key {
        std::uint64_t name = 0;
        std::vector<std::uint64_t> values = {};
    };

    void add_step(told_operation& to) {
        key& at = keys_[dice_.pick(keys_.size())];
        if (dice_.pick(2) == 0) {
            if (at.values.size() == writes_a_key) at = {.name = keys_made_++};
            at.values.push_back(at.values.size() + 1);
            const std::string write =
                fmt::format("[\"{}\",{},{}]", lists_ ? "append" : "w", at.name, at.values.back());
            to.meant += write;
            to.done += write;
            return;
        }
        fmt::format_to(std::back_inserter(to.meant), "[\"r\",{},null]", at.name);
        if (lists_) {
            fmt::format_to(
                std::back_inserter(to.done), "[\"r\",{},[{}]]", at.name, fmt::join(at.values, ","));
        } else {
            const std::string last = at.values.empty() ? "null" : std::to_string(at.values.back());
            fmt::format_to(std::back_inserter(to.done), "[\"r\",{},{}]", at.name, last);
        }
    }

    bool lists_;
    dice dice_;
    std::uint64_t keys_made_ = 0;
    std::vector<key> keys_;
};

}  // namespace

std::unique_ptr<history_maker> make_lists() {
    return std::make_unique<transactions>(true);
}

std::unique_ptr<history_maker> make_registers() {
    return std::make_unique<transactions>(false);
}

}  // namespace verdikt::bench
