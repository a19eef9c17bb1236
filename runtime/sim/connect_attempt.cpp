#include "runtime/sim/connect_attempt.h"

#include "runtime/check.h"
#include "runtime/sim/process.h"
#include "runtime/sim/switchboard.h"
#include "runtime/sim/world.h"

#include <algorithm>

namespace verdikt::runtime::sim {

connect_attempt::connect_attempt(process& from, node_index to, std::uint16_t port)
    : from_(from),
      wires_(from.universe().wires()),
      source_(from.home().index()),
      target_(to),
      port_(port),
      give_up_at_(from.universe().now() + wires_.configured().connect_limit) {
    from.enlist(*this);
    wires_.universe().record(effect::connect, source_, port, target_);
    send(stage::request);
}

void connect_attempt::send(stage what) {
    stage_ = what;
    const bool outward = what == stage::request;
    const instant due =
        outward ? wires_.arrival(source_, target_, 0) : wires_.arrival(target_, source_, 0);
    wires_.universe().events().schedule(*this, due);
}

void connect_attempt::send_again() {
    const instant now = wires_.universe().now();
    if (now >= give_up_at_) return end_with(std::unexpected(errc::unreachable));
    wires_.universe().events().schedule(*this, std::min(now + pause_, give_up_at_));
    pause_ *= 2;
}

void connect_attempt::fire() {
    if (stage_ == stage::request) {
        request_arrives();
    } else {
        answer_arrives();
    }
}

void connect_attempt::request_arrives() {
    if (!wires_.path_open(source_, target_)) return send_again();
    const switchboard::machine& machine = wires_.at(target_);
    process_listener* const listening = wires_.listener_at(target_, port_);
    if (listening == nullptr || machine.refuses) {
        const bool silent = !machine.refuses && machine.listeners.empty() &&
                            machine.when_down == down_behaviour::silent;
        if (silent) return send_again();
        return send(stage::refusal);
    }
    connection& made = wires_.connect(source_, target_);
    made_ = held_end(&made.client());
    held_end server(&made.server());
    const endpoint peer{.host = wires_.name_of(source_), .port = wires_.free_port(source_)};
    if (!listening->offer(std::move(server), peer)) {
        made_.reset();
        return send_again();
    }
    send(stage::acceptance);
}

void connect_attempt::answer_arrives() {
    if (!wires_.path_open(target_, source_)) return send_again();
    if (stage_ == stage::refusal) {
        ++wires_.counts().refused;
        wires_.universe().record(effect::refuse, source_, port_, target_);
        return end_with(std::unexpected(errc::refused));
    }
    wires_.universe().record(effect::accept, source_, port_, target_);
    from_.sockets().enlist(*made_);
    end_with(std::move(made_));
}

void connect_attempt::end_with(std::expected<held_end, errc> result) {
    result_ = std::move(result);
    finish();
}

}  // namespace verdikt::runtime::sim
