#include "tests/unit/checker_transactions/plain_store.h"

#include <algorithm>
#include <map>

namespace verdikt::checker {

std::optional<std::size_t> plain_store::writer(std::int64_t key, std::int64_t value) const {
    for (std::size_t at = 0; at < history_.size(); ++at) {
        for (const plain_step& step : history_[at].steps) {
            if (step.writes && step.key == key && step.value == value) return at;
        }
    }
    return std::nullopt;
}

bool plain_store::overwritten_by_writer(std::int64_t key, std::int64_t value) const {
    const auto& steps = history_[*writer(key, value)].steps;
    bool after = false;
    for (const plain_step& step : steps) {
        if (!step.writes || step.key != key) continue;
        if (after) return true;
        after = step.value == value;
    }
    return false;
}

bool plain_store::lost_update() const {
    std::set<std::pair<std::int64_t, plain_list>> updates;
    for (const plain_transaction& one : history_) {
        if (!one.ok()) continue;
        for (const auto& update : updates_of(one)) {
            if (!updates.insert(update).second) return true;
        }
    }
    return false;
}

std::set<std::pair<std::int64_t, plain_list>> plain_store::updates_of(
    const plain_transaction& one) {
    std::map<std::int64_t, plain_list> read;
    std::set<std::pair<std::int64_t, plain_list>> updates;
    std::set<std::int64_t> updated;
    for (const plain_step& step : one.steps) {
        if (!step.writes) {
            read.try_emplace(step.key, step.read);
        } else if (read.contains(step.key) && updated.insert(step.key).second) {
            updates.emplace(step.key, read[step.key]);
        }
    }
    return updates;
}

std::set<std::string> plain_store::losses(const lacking& lacks) const {
    std::set<std::string> found;
    for (const plain_transaction& writer : history_) {
        for (const plain_step& step : writer.steps) {
            if (!step.writes || !writer.possible()) continue;
            const auto [last, read] = last_read_of(step.key);
            if (last == nullptr || !lacks(*read, step.value)) continue;
            const bool before = writer.ended < last->begun;
            if ((writer.ok() && before) || was_read(step, last->begun)) {
                found.insert("lost-write");
            } else if (!writer.ok() && before && any_was_read(writer)) {
                found.insert("torn-transaction");
            }
        }
    }
    return found;
}

std::pair<const plain_transaction*, const plain_step*> plain_store::last_read_of(
    std::int64_t key) const {
    std::pair<const plain_transaction*, const plain_step*> last;
    for (const plain_transaction& one : history_) {
        for (const plain_step& step : one.steps) {
            if (one.ok() && one.final && !step.writes && step.key == key) last = {&one, &step};
        }
    }
    return last;
}

bool plain_store::was_read(const plain_step& written, std::int64_t by) const {
    for (const plain_transaction& one : history_) {
        if (!one.ok() || one.ended >= by) continue;
        for (const plain_step& step : one.steps) {
            const bool same = !step.writes && step.key == written.key;
            if (same && std::ranges::count(step.read, written.value) > 0) return true;
        }
    }
    return false;
}

bool plain_store::any_was_read(const plain_transaction& writer) const {
    return std::ranges::any_of(writer.steps, [this](const plain_step& step) {
        return step.writes && was_read(step, plain_transaction::never);
    });
}

void plain_store::add_order(plain_graph& graph, plain_order order) const {
    for (std::size_t from = 0; from < history_.size(); ++from) {
        if (!history_[from].ok()) continue;
        for (std::size_t to = 0; to < history_.size(); ++to) {
            const plain_transaction& after = history_[to];
            const bool same = history_[from].process == after.process;
            const bool later = history_[from].ended < after.begun;
            const bool ordered = order == plain_order::realtime ||
                                 (order == plain_order::process && same && after.ok());
            if (later && ordered) graph[from][to].order = true;
        }
    }
}

}  // namespace verdikt::checker
