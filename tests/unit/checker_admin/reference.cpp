#include "tests/unit/checker_admin/reference.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace verdikt::checker::admin {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;

constexpr std::int64_t far_away = std::int64_t{1} << 60;

/// Something that one operation may have made true.
struct claim {
    std::string topic;
    std::string config;  ///< Empty: how many partitions there are.
    std::string value;
    std::int64_t begun = -1;
    std::int64_t acknowledged = -1;  ///< `far_away` unless it is certain.

    [[nodiscard]] bool is_about(const claim& other) const {
        return topic == other.topic && config == other.config;
    }
};

struct view {
    std::string broker;
    bool final = false;
    std::int64_t begun_at = 0;
    std::int64_t ended = 0;
    std::vector<claim> shows;
};

std::string plain(datum_view what) {
    return what.is_nil() ? "nothing" : std::to_string(what.integer());
}

class slow_judge {
  public:
    slow_judge(std::span<const operation> lines, const settings& asked)
        : lines_(lines), lag_(std::chrono::nanoseconds(asked.lag_max).count()) {
        for (const operation& line : lines_) note_names(line);
        for (const operation& line : lines_) {
            if (line.type == op_type::invoke) read(line, end_of(line));
        }
    }

    reference_judgement run() {
        for (const view& one : views_) {
            const std::int64_t knows = knowledge(one);
            for (const claim& shown : one.shows) judge(one, shown, knows);
        }
        look_for_doubts();
        return std::move(result_);
    }

  private:
    /// Which configurations the history speaks of at all.
    void note_names(const operation& line) {
        const auto configs = line.value.view().find("configs");
        if (!configs) return;
        for (const char* const name : {"a", "b"}) {
            if (configs->find(name)) named_.insert(name);
            for (std::size_t at = 1; at < configs->size(); at += 2) {
                const datum_view of = (*configs)[at];
                if (of.is_map() && of.find(name)) named_.insert(name);
            }
        }
    }

    [[nodiscard]] const operation* end_of(const operation& begun) const {
        for (const operation& line : lines_) {
            const bool ends = line.index > begun.index && line.process == begun.process;
            if (ends && line.type != op_type::invoke) return &line;
        }
        return nullptr;
    }

    void read(const operation& begun, const operation* ended) {
        if (begun.f.starts_with("describe")) {
            brokers_.insert(begun.value.view().find("broker")->integer());
            if (ended != nullptr && ended->type == op_type::ok) read_view(begun, *ended);
            return;
        }
        if (ended != nullptr && ended->type == op_type::fail) return;
        const bool certain = ended != nullptr && ended->type == op_type::ok;
        const datum_view value = begun.value.view();
        claim made{.topic = std::string(value.find("topic")->name()),
                   .begun = begun.index,
                   .acknowledged = certain ? ended->index : far_away};
        if (begun.f == "delete-topic") made.value = "nothing";
        if (const auto partitions = value.find("partitions")) made.value = plain(*partitions);
        if (begun.f != "alter-configs") claims_.push_back(made);
        if (begun.f == "delete-topic" || begun.f == "create-partitions") return;
        for (const std::string& name : named_) {
            const auto set = value.find("configs")->find(name);
            if (!set && begun.f != "create-topic") continue;
            made.config = name;
            made.value = set ? plain(*set) : "nothing";
            claims_.push_back(made);
        }
    }

    void read_view(const operation& begun, const operation& ended) {
        view made{.broker = plain(*ended.value.view().find("broker")),
                  .final = !ended.more.empty(),
                  .begun_at = begun.time,
                  .ended = ended.index};
        const bool configs = begun.f == "describe-configs";
        const datum_view all = *ended.value.view().find(configs ? "configs" : "topics");
        for (std::size_t at = 0; at < all.size(); at += 2) {
            const std::string topic(all[at].name());
            if (!configs) made.shows.push_back({topic, "", plain(all[at + 1])});
            if (!configs || all[at + 1].is_nil()) continue;
            for (const char* const name : {"a", "b"}) {
                made.shows.push_back({topic, name, plain(*all[at + 1].find(name))});
            }
        }
        views_.push_back(made);
    }

    /// Everything that may have been written there, with what was there before.
    [[nodiscard]] std::vector<claim> written(const claim& where) const {
        std::vector<claim> found;
        if (where.config.empty()) found.push_back({where.topic, "", "nothing"});
        for (const claim& one : claims_) {
            if (one.is_about(where)) found.push_back(one);
        }
        return found;
    }

    [[nodiscard]] std::vector<claim> origins(const claim& shown, const view& in) const {
        std::vector<claim> found;
        for (const claim& one : written(shown)) {
            if (one.value == shown.value && one.begun < in.ended) found.push_back(one);
        }
        return found;
    }

    [[nodiscard]] std::int64_t knowledge(const view& of) const {
        std::int64_t most = -1;
        for (const claim& shown : of.shows) {
            std::int64_t first = far_away;
            for (const claim& one : origins(shown, of)) first = std::min(first, one.begun);
            if (first != far_away) most = std::max(most, first);
        }
        for (const operation& line : lines_) {
            // Whatever ended by then is known.
            if (of.final && line.time <= of.begun_at - lag_) most = std::max(most, line.index + 1);
        }
        return most;
    }

    /// When somebody first saw what only this can have made; `far_away` if nobody did.
    [[nodiscard]] std::int64_t first_seen(const claim& made) const {
        std::size_t same = 0;
        for (const claim& one : written(made)) same += one.value == made.value ? 1 : 0;
        if (same != 1) return far_away;
        std::int64_t first = far_away;
        for (const view& one : views_) {
            for (const claim& shown : one.shows) {
                const bool it = shown.is_about(made) && shown.value == made.value;
                if (it) first = std::min(first, one.ended);
            }
        }
        return first;
    }

    void judge(const view& in, const claim& shown, std::int64_t knows) {
        const auto possible = origins(shown, in);
        if (possible.empty()) {
            result_.violations.insert("phantom-change");
            return;
        }
        bool fits_acknowledged = false;
        bool fits_seen = false;
        for (const claim& origin : possible) {
            bool displaced = false;
            bool displaced_by_seen = false;
            for (const claim& other : written(shown)) {
                if (other.begun <= origin.acknowledged) continue;
                displaced = displaced || other.acknowledged < knows;
                displaced_by_seen = displaced_by_seen || first_seen(other) < knows;
            }
            fits_acknowledged = fits_acknowledged || !displaced;
            fits_seen = fits_seen || (!displaced && !displaced_by_seen);
        }
        if (!fits_acknowledged) {
            result_.violations.insert("acknowledged-then-absent");
        } else if (!fits_seen) {
            result_.violations.insert("two-answers");
        }
    }

    void look_for_doubts() {
        std::map<std::pair<std::string, std::string>, claim> last;
        std::set<std::string> deleted;
        for (const claim& one : claims_) {
            if (one.config.empty() && one.value == "nothing") deleted.insert(one.topic);
            if (one.acknowledged == far_away) continue;
            claim& newest = last[{one.topic, one.config}];
            if (newest.topic.empty() || one.begun > newest.begun) newest = one;
        }
        for (const auto& [where, one] : last) {
            if (!one.config.empty() && deleted.contains(one.topic)) continue;
            for (const std::int64_t broker : brokers_) {
                result_.doubts = result_.doubts || !is_known(one, std::to_string(broker));
            }
        }
    }

    [[nodiscard]] bool is_known(const claim& made, const std::string& broker) const {
        for (const view& one : views_) {
            if (one.broker != broker) continue;
            for (const claim& shown : one.shows) {
                if (!shown.is_about(made)) continue;
                if (shown.value == made.value || made.acknowledged < knowledge(one)) return true;
            }
        }
        return false;
    }

    std::span<const operation> lines_;
    std::int64_t lag_;
    std::vector<claim> claims_;
    std::vector<view> views_;
    std::set<std::string> named_;
    std::set<std::int64_t> brokers_;
    reference_judgement result_;
};

}  // namespace

reference_judgement judge_slowly(std::span<const operation> operations, const settings& asked) {
    return slow_judge(operations, asked).run();
}

}  // namespace verdikt::checker::admin
