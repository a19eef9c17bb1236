#include "checker/transactions/lost_updates.h"

#include "checker/transactions/writers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::checker::transactions {

namespace {

class update_check {
  public:
    update_check(const recording& history, std::uint32_t versions)
        : history_(history),
          versions_(versions),
          first_(versions + history.keys().size(), none),
          read_(history.keys().size()) {}

    void look_at(std::uint32_t at, const std::function<std::uint32_t(const step&)>& key_of) {
        read_.next_row();
        for (const step& one : history_.steps_of(history_.rows()[at])) {
            const std::uint32_t key = key_of(one);
            std::uint32_t* const before = read_.find(key);
            if (one.what() != act::write) {
                if (before == nullptr) read_.set(key, version_of(one));
            } else if (before != nullptr && *before != none) {
                add(*before, at);
                // Written now; more writes of the key are the same update.
                *before = none;
            }
        }
    }

    void report(const consistency_model& model, findings& into) {
        std::ranges::sort(clashes_);
        for (std::size_t at = 0; at < clashes_.size();) {
            const std::uint32_t version = clashes_[at].first;
            std::vector<std::uint32_t> rows{first_[version]};
            while (at < clashes_.size() && clashes_[at].first == version) {
                rows.push_back(clashes_[at++].second);
            }
            into.add("lost-update", model.forbids("lost-update"), [&] {
                return describe(std::move(rows));
            });
        }
    }

  private:
    [[nodiscard]] std::uint32_t version_of(const step& read) const {
        return read.what() == act::read ? std::uint32_t{read.subject} : versions_ + read.subject;
    }

    void add(std::uint32_t version, std::uint32_t row) {
        if (first_[version] == none) {
            first_[version] = row;
        } else {
            clashes_.emplace_back(version, row);
        }
    }

    [[nodiscard]] anomaly describe(std::vector<std::uint32_t> rows) const {
        const wording words(history_);
        // Two prove it.
        rows.resize(2);
        return {.operations = words.operations(rows),
                .what = fmt::format("{} and {} both read the same version of a key and wrote "
                                    "another one",
                                    words.operation(rows[0]),
                                    words.operation(rows[1]))};
    }

    const recording& history_;
    std::uint32_t versions_;
    /// Of each version the first row that read and then wrote.
    std::vector<std::uint32_t> first_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> clashes_;
    per_key<std::uint32_t> read_;
};

}  // namespace

void check_lost_updates(const recording& history,
                        std::uint32_t versions,
                        const std::function<std::uint32_t(const step&)>& key_of,
                        const consistency_model& model,
                        findings& into) {
    update_check all(history, versions);
    for (std::uint32_t at = 0; at < history.rows().size(); ++at) {
        if (history.rows()[at].ok()) all.look_at(at, key_of);
    }
    all.report(model, into);
}

}  // namespace verdikt::checker::transactions
