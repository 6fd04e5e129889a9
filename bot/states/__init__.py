"""Where a conversation can stand, one line per state. States speak of each other as `states.Confirming`."""

from bot.states.asking_code import AskingCode
from bot.states.asking_name import AskingName
from bot.states.asking_new_time import AskingNewTime
from bot.states.asking_place import AskingPlace
from bot.states.asking_proof import AskingProof
from bot.states.asking_reason import AskingReason
from bot.states.asking_service import AskingService
from bot.states.asking_vehicle import AskingVehicle
from bot.states.asking_when import AskingWhen
from bot.states.choosing_new_time import ChoosingNewTime
from bot.states.choosing_slot import ChoosingSlot
from bot.states.choosing_workshop import ChoosingWorkshop
from bot.states.confirming import Confirming
from bot.states.confirming_cancel import ConfirmingCancel
from bot.states.confirming_erase import ConfirmingErase
from bot.states.confirming_extension import ConfirmingExtension
from bot.states.idle import Idle
from bot.states.reminded import Reminded
from bot.states.showing import Showing
from bot.states.which_to_cancel import WhichToCancel
from bot.states.which_to_extend import WhichToExtend
from bot.states.which_to_move import WhichToMove
from bot.states.with_person import WithPerson

__all__ = [
    "AskingCode",
    "AskingName",
    "AskingNewTime",
    "AskingPlace",
    "AskingProof",
    "AskingReason",
    "AskingService",
    "AskingVehicle",
    "AskingWhen",
    "ChoosingNewTime",
    "ChoosingSlot",
    "ChoosingWorkshop",
    "Confirming",
    "ConfirmingCancel",
    "ConfirmingErase",
    "ConfirmingExtension",
    "Idle",
    "Reminded",
    "Showing",
    "WhichToCancel",
    "WhichToExtend",
    "WhichToMove",
    "WithPerson",
]
