#include "checker/report/digest.h"

#include "checker/report/disturbances.h"
#include "checker/report/operation_words.h"
#include "checker/report/records.h"

#include <algorithm>
#include <unordered_map>

namespace verdikt::checker::report {

namespace {

using history::op_type;
using history::operation;

constexpr std::size_t windows_max = 24;
constexpr std::size_t value_bytes_max = 40;

class digest_maker {
  public:
    explicit digest_maker(const run& what) : available_(disturbances_of(what)) {
        for (const opinion& one : what.opinions) {
            for (const finding& each : one.said.violations) want(each);
            for (const finding& each : one.said.allowed) want(each);
        }
    }

    void take(const operation& line) {
        ++made_.lines;
        made_.length = std::max(made_.length, line.time);
        available_.take(line);
        if (line.process == history::nemesis_process) return;
        if (line.type == op_type::invoke) {
            begin(line);
        } else {
            end(line);
        }
    }

    digest finish() {
        made_.never_ended = open_.size();
        made_.available = available_.finish();
        return std::move(made_);
    }

  private:
    void want(const finding& which) {
        for (const anomaly& one : which.examples) {
            for (const std::int64_t index : one.operations) {
                auto& places = wanted_[index];
                places.insert(places.end(), one.places.begin(), one.places.end());
            }
            for (const log_place& place : one.places) open_window(place);
        }
    }

    void open_window(const log_place& place) {
        const bool known =
            std::ranges::find(made_.windows, place, &offset_window::around) != made_.windows.end();
        if (!known && made_.windows.size() < windows_max) made_.windows.push_back({place, {}});
    }

    void begin(const operation& line) {
        open_[line.process] = line.time;
        if (wanted_.contains(line.index)) keep(line, line.time, -1);
    }

    void end(const operation& line) {
        const auto begun = open_.find(line.process);
        const std::int64_t since = begun == open_.end() ? -1 : begun->second;
        made_.all.add(line.f, line.type, line.time, since < 0 ? 0 : line.time - since);
        if (begun != open_.end()) open_.erase(begun);
        if (wanted_.contains(line.index)) keep(line, since, line.time);
        if (!made_.windows.empty()) look(line);
    }

    void keep(const operation& line, std::int64_t begun_at, std::int64_t ended_at) {
        shown_operation shown{.index = line.index,
                              .process = line.process,
                              .f = line.f,
                              .type = line.type == op_type::invoke ? op_type::info : line.type,
                              .begun_at = begun_at,
                              .ended_at = ended_at,
                              .lines = in_words(line.value.view(), wanted_.at(line.index)),
                              .error = {}};
        if (!line.error.empty()) shown.error = plain_text(line.error.view());
        made_.operations.insert_or_assign(line.index, std::move(shown));
    }

    void look(const operation& line) {
        each_record(line.value.view(), [&](const told_record& one) {
            if (!one.offset) return;
            for (offset_window& window : made_.windows) {
                if (!is_near(*one.offset, window.around.offset)) continue;
                if (window.seen.size() >= offset_window::sightings_max) continue;
                if (plain_text(one.partition) != window.around.partition) continue;
                window.seen.insert({.offset = *one.offset,
                                    .process = line.process,
                                    .sent = one.sent,
                                    .type = line.type,
                                    .value = shortened_value(one.value, value_bytes_max)});
            }
        });
    }

    digest made_;
    availability::watch available_;
    /// By index: what of its records to show.
    std::map<std::int64_t, std::vector<log_place>> wanted_;
    /// When each process began what it does now.
    std::unordered_map<std::int64_t, std::int64_t> open_;
};

}  // namespace

digest make_digest(const run& what, history::byte_source& history) {
    digest_maker maker(what);
    std::optional<history::malformed> malformed;
    bool cut_short = false;
    if (auto reader = history::open_history(history)) {
        operation line;
        while (true) {
            const auto more = (*reader)->next(line);
            if (!more) malformed = more.error();
            if (!more || !*more) break;
            maker.take(line);
        }
        cut_short = (*reader)->cut_short();
    } else {
        malformed = reader.error();
    }
    digest made = maker.finish();
    made.malformed = std::move(malformed);
    made.cut_short = cut_short;
    return made;
}

}  // namespace verdikt::checker::report
