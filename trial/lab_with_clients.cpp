#include "trial/lab_with_clients.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace verdikt::trial {

namespace {

using nemesis::act_id;
using nemesis::evidence;

class lab_with_clients final : public nemesis::lab {
  public:
    lab_with_clients(nemesis::lab& where, workloads::workload& clients)
        : where_(where), clients_(clients) {}

    [[nodiscard]] std::string name() const override { return where_.name(); }
    [[nodiscard]] std::vector<std::int32_t> nodes() const override { return where_.nodes(); }
    [[nodiscard]] std::string bootstrap_servers() const override {
        return where_.bootstrap_servers();
    }
    [[nodiscard]] std::optional<std::string> refusal(nemesis::fault_kind kind) const override {
        if (kind == nemesis::fault_kind::client_crash) return std::nullopt;
        return where_.refusal(kind);
    }
    reply<void> start() override { return where_.start(); }
    runtime::awaitable<void> stop() override { return where_.stop(); }

    reply<evidence> apply(act_id act,
                          nemesis::placed_fault what,
                          std::chrono::milliseconds heal_after) override {
        if (std::holds_alternative<nemesis::crash_clients>(what.what)) return crash();
        return where_.apply(act, std::move(what), heal_after);
    }
    reply<evidence> heal(act_id act, std::int32_t host) override { return where_.heal(act, host); }
    reply<void> heal_all() override { return where_.heal_all(); }

    reply<bool> is_running(std::int32_t node) override { return where_.is_running(node); }
    reply<nemesis::program_result> run(std::int32_t host, std::vector<std::string> words) override {
        return where_.run(host, std::move(words));
    }
    [[nodiscard]] std::filesystem::path folder_of(std::int32_t node) const override {
        return where_.folder_of(node);
    }
    reply<void> collect_data(std::int32_t node, std::filesystem::path into) override {
        return where_.collect_data(node, std::move(into));
    }

  private:
    /// It is over at once; others take their place.
    reply<evidence> crash() {
        const auto count = static_cast<std::int64_t>(clients_.crash_clients());
        co_return evidence{.bit = count != 0,
                           .text = fmt::format("{} clients crashed", count),
                           .counts = {{"clients", count}}};
    }

    nemesis::lab& where_;
    workloads::workload& clients_;
};

}  // namespace

std::unique_ptr<nemesis::lab> with_clients(nemesis::lab& where, workloads::workload& clients) {
    return std::make_unique<lab_with_clients>(where, clients);
}

}  // namespace verdikt::trial
