"""The backbones of keras_hub, each as small as it can be made: two layers, few channels."""

from __future__ import annotations

from keras_hub import layers, models

#: Sizes that most transformers have under these names.
_TEXT = {
    "vocabulary_size": 10,
    "num_layers": 2,
    "num_heads": 2,
    "hidden_dim": 8,
    "intermediate_dim": 12,
}
#: The same of decoders whose heads share keys and values.
_GROUPED = {
    "vocabulary_size": 10,
    "num_layers": 2,
    "num_query_heads": 4,
    "num_key_value_heads": 2,
    "hidden_dim": 8,
    "intermediate_dim": 12,
}
_PLACES = {"max_sequence_length": 16}
_IMAGE = {"image_shape": (32, 32, 3)}
_VISION = {
    "patch_size": 8,
    "num_layers": 2,
    "num_heads": 2,
    "hidden_dim": 8,
    "intermediate_dim": 12,
    **_IMAGE,
}
_EXPERTS = {"num_experts": 3, "top_k": 2}
_T5GEMMA = {
    f"{side}_{name}": value
    for side in ("encoder", "decoder")
    for name, value in {
        "hidden_dim": 8,
        "intermediate_dim": 12,
        "num_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 4,
        "layer_types": ["sliding_attention", "full_attention"],
    }.items()
}


def resnet(**others):
    """A ResNet of two stages, as others build on it."""
    return models.ResNetBackbone(
        **{
            "input_conv_filters": [64],
            "input_conv_kernel_sizes": [3],
            "stackwise_num_filters": [64, 64],
            "stackwise_num_blocks": [1, 2],
            "stackwise_num_strides": [1, 2],
            "block_type": "basic_block",
            **_IMAGE,
            **others,
        }
    )


def mit():
    """A MiT of two stages."""
    return models.MiTBackbone(
        layerwise_depths=[1, 2],
        num_layers=2,
        layerwise_num_heads=[1, 2],
        layerwise_sr_ratios=[2, 1],
        max_drop_path_rate=0.1,
        layerwise_patch_sizes=[7, 3],
        layerwise_strides=[4, 2],
        hidden_dims=[4, 8],
        **_IMAGE,
    )


def efficientnet():
    """An EfficientNet of two stages."""
    return models.EfficientNetBackbone(
        stackwise_width_coefficients=[1.0, 1.0],
        stackwise_depth_coefficients=[1.0, 1.0],
        stackwise_kernel_sizes=[3, 3],
        stackwise_num_repeats=[1, 2],
        stackwise_input_filters=[8, 8],
        stackwise_output_filters=[8, 16],
        stackwise_expansion_ratios=[1, 4],
        stackwise_squeeze_and_excite_ratios=[0.0, 0.25],
        stackwise_strides=[1, 2],
        stackwise_block_types=["fused", "unfused"],
        input_shape=(32, 32, 3),
    )


def mobilenet():
    """A MobileNet of two stages."""
    return models.MobileNetBackbone(
        stackwise_expansion=[[8, 8], [8]],
        stackwise_num_blocks=[2, 1],
        stackwise_num_filters=[[8, 8], [8]],
        stackwise_kernel_size=[[3, 3], [5]],
        stackwise_num_strides=[[2, 1], [1]],
        stackwise_se_ratio=[[None, None], [0.25]],
        stackwise_activation=[["relu", "relu"], ["hard_swish"]],
        stackwise_padding=[[1, 1], [2]],
        output_num_filters=8,
        depthwise_filters=8,
        depthwise_stride=2,
        depthwise_residual=False,
        last_layer_filter=8,
        squeeze_and_excite=0.5,
        input_num_filters=8,
        **_IMAGE,
    )


def cspnet(stage_type):
    """A CSPNet of two stages, of a type."""
    return models.CSPNetBackbone(
        stem_filters=4,
        stem_kernel_size=3,
        stem_strides=1,
        stackwise_depth=[1, 2],
        stackwise_strides=[1, 2],
        stackwise_num_filters=[4, 8],
        block_type="dark_block",
        stage_type=stage_type,
        expand_ratio=[2.0],
        **_IMAGE,
    )


def hgnet():
    """An HGNetV2 of two stages."""
    return models.HGNetV2Backbone(
        depths=[1, 1],
        embedding_size=4,
        hidden_sizes=[8, 8],
        stem_channels=[3, 4, 4],
        hidden_act="relu",
        use_learnable_affine_block=True,
        stackwise_stage_filters=[(4, 4, 8, 1, 2, 3), (8, 4, 8, 1, 2, 3)],
        apply_downsample=[False, True],
        use_lightweight_conv_block=[False, True],
        **_IMAGE,
    )


def two_encoders(vision, text):
    """The encoders of images and of texts that CLIP and its kin have."""
    vision_encoder = vision(
        patch_size=8,
        hidden_dim=8,
        num_layers=2,
        num_heads=2,
        intermediate_dim=12,
        name="vision",
        **_IMAGE,
    )
    text_encoder = text(
        vocabulary_size=10,
        embedding_dim=8,
        hidden_dim=8,
        num_layers=2,
        num_heads=2,
        intermediate_dim=12,
        max_sequence_length=8,
        name="text",
    )
    return {"vision_encoder": vision_encoder, "text_encoder": text_encoder}


def clip():
    """CLIP."""
    from keras_hub.src.models.clip.clip_text_encoder import CLIPTextEncoder
    from keras_hub.src.models.clip.clip_vision_encoder import CLIPVisionEncoder

    return models.CLIPBackbone(**two_encoders(CLIPVisionEncoder, CLIPTextEncoder), projection_dim=4)


def meta_clip():
    """MetaCLIP 2."""
    from keras_hub.src.models.metaclip_2.metaclip_2_text_encoder import MetaCLIP2TextEncoder
    from keras_hub.src.models.metaclip_2.metaclip_2_vision_encoder import MetaCLIP2VisionEncoder

    return models.MetaCLIP2Backbone(
        **two_encoders(MetaCLIP2VisionEncoder, MetaCLIP2TextEncoder), projection_dim=4
    )


def siglip():
    """SigLIP."""
    from keras_hub.src.models.siglip.siglip_text_encoder import SigLIPTextEncoder
    from keras_hub.src.models.siglip.siglip_vision_encoder import SigLIPVisionEncoder

    return models.SigLIPBackbone(**two_encoders(SigLIPVisionEncoder, SigLIPTextEncoder))


def vit_det(**others):
    """A ViTDet, as SAM has it."""
    return models.ViTDetBackbone(
        hidden_size=8,
        num_layers=2,
        intermediate_dim=12,
        num_heads=2,
        global_attention_layer_indices=[1],
        patch_size=8,
        num_output_channels=8,
        window_size=2,
        **_IMAGE,
        **others,
    )


def sam():
    """SAM."""
    return models.SAMBackbone(
        image_encoder=vit_det(),
        prompt_encoder=layers.SAMPromptEncoder(
            hidden_size=8,
            image_embedding_size=(4, 4),
            input_image_size=(32, 32),
            mask_in_channels=4,
        ),
        mask_decoder=layers.SAMMaskDecoder(
            hidden_size=8,
            num_layers=2,
            intermediate_dim=12,
            num_heads=2,
            embedding_dim=8,
            num_multimask_outputs=2,
            iou_head_depth=2,
            iou_head_hidden_dim=8,
        ),
    )


def gemma3_with_images():
    """Gemma 3, with its encoder of images."""
    from keras_hub.src.models.gemma3.gemma3_vision_encoder import Gemma3VisionEncoder

    return models.Gemma3Backbone(
        **_GROUPED,
        head_dim=4,
        image_size=16,
        use_sliding_window_attention=True,
        sliding_window_size=4,
        vision_encoder=Gemma3VisionEncoder(
            image_size=16,
            patch_size=4,
            num_heads=2,
            hidden_dim=8,
            num_layers=2,
            intermediate_dim=12,
            output_dim=8,
            pool_size=2,
        ),
    )


def flux():
    """Flux."""
    return models.FluxBackbone(
        input_channels=8,
        hidden_size=12,
        mlp_ratio=2.0,
        num_heads=2,
        depth=2,
        depth_single_blocks=2,
        axes_dim=[2, 2, 2],
        theta=100,
        use_bias=True,
        guidance_embed=True,
        image_shape=(4, 8),
        text_shape=(4, 8),
        image_ids_shape=(4, 3),
        text_ids_shape=(4, 3),
        y_shape=(8,),
    )


def smol():
    """SmolLM3."""
    return models.SmolLM3Backbone(
        vocabulary_size=10,
        hidden_dim=8,
        intermediate_dim=12,
        num_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        attention_bias=False,
        attention_dropout=0.0,
        rope_layer_enabled_list=[True, False],
        layer_types=["full_attention", "full_attention"],
        mlp_bias=False,
        layer_norm_epsilon=1e-5,
        max_position_embeddings=16,
        rope_theta=10000.0,
        partial_rotary_factor=1.0,
    )


#: By name, what makes the model.
BACKBONES = {
    "albert": lambda: models.AlbertBackbone(**_TEXT, embedding_dim=4, **_PLACES),
    "bart": lambda: models.BartBackbone(**_TEXT, **_PLACES),
    "bert": lambda: models.BertBackbone(**_TEXT, **_PLACES),
    "bloom": lambda: models.BloomBackbone(**_TEXT),
    "clip": clip,
    "cspnet": lambda: cspnet("csp"),
    "darknet": lambda: cspnet("dark"),
    "deberta": lambda: models.DebertaV3Backbone(**_TEXT, **_PLACES, bucket_size=4),
    "deeplab": lambda: models.DeepLabV3Backbone(
        image_encoder=resnet(),
        spatial_pyramid_pooling_key="P3",
        low_level_feature_key="P2",
        upsampling_size=2,
        dilation_rates=[2, 3],
        projection_filters=4,
        **_IMAGE,
    ),
    "deit": lambda: models.DeiTBackbone(**_VISION),
    "densenet": lambda: models.DenseNetBackbone([1, 2], growth_rate=4, **_IMAGE),
    "dino2": lambda: models.DINOV2Backbone(**_VISION, position_embedding_shape=(32, 32, 3)),
    "dino3": lambda: models.DINOV3Backbone(**_VISION),
    "distilbert": lambda: models.DistilBertBackbone(**_TEXT, **_PLACES),
    "edrec": lambda: models.EdRecBackbone(
        vocab_size=10,
        num_layers_enc=2,
        num_layers_dec=2,
        hidden_dim=8,
        intermediate_dim=12,
        num_heads=2,
    ),
    "efficientnet": efficientnet,
    "electra": lambda: models.ElectraBackbone(
        vocab_size=10,
        num_layers=2,
        num_heads=2,
        hidden_dim=8,
        embedding_dim=4,
        intermediate_dim=12,
        **_PLACES,
    ),
    "esm": lambda: models.ESMBackbone(**_TEXT, **_PLACES),
    "falcon": lambda: models.FalconBackbone(
        vocabulary_size=10, num_layers=2, num_attention_heads=2, hidden_dim=8, intermediate_dim=12
    ),
    "flux": flux,
    "fnet": lambda: models.FNetBackbone(
        vocabulary_size=10, num_layers=2, hidden_dim=8, intermediate_dim=12, **_PLACES
    ),
    "gemma": lambda: models.GemmaBackbone(**_GROUPED, head_dim=4),
    "gemma2": lambda: models.GemmaBackbone(
        **_GROUPED,
        head_dim=4,
        use_post_ffw_norm=True,
        use_post_attention_norm=True,
        attention_logit_soft_cap=50,
        final_logit_soft_cap=30,
        use_sliding_window_attention=True,
        sliding_window_size=4,
    ),
    "gemma3": lambda: models.Gemma3Backbone(**_GROUPED, head_dim=4, image_size=16),
    "gemma3_with_images": gemma3_with_images,
    "gpt2": lambda: models.GPT2Backbone(**_TEXT, **_PLACES),
    "gpt_neo_x": lambda: models.GPTNeoXBackbone(**_TEXT | {"hidden_dim": 16}, **_PLACES),
    "gpt_oss": lambda: models.GptOssBackbone(**_GROUPED, **_EXPERTS, sliding_window=4, head_dim=4),
    "hgnet": hgnet,
    "llama": lambda: models.LlamaBackbone(**_GROUPED),
    "llama3": lambda: models.Llama3Backbone(**_GROUPED),
    "meta_clip": meta_clip,
    "mistral": lambda: models.MistralBackbone(**_GROUPED, sliding_window=4),
    "mit": mit,
    "mixtral": lambda: models.MixtralBackbone(**_GROUPED, **_EXPERTS),
    "mobilenet": mobilenet,
    "moonshine": lambda: models.MoonshineBackbone(
        vocabulary_size=10,
        filter_dim=8,
        encoder_num_layers=2,
        decoder_num_layers=2,
        hidden_dim=8,
        intermediate_dim=12,
        encoder_num_heads=2,
        decoder_num_heads=2,
    ),
    "opt": lambda: models.OPTBackbone(**_TEXT, **_PLACES),
    "paligemma": lambda: models.PaliGemmaBackbone(
        **_GROUPED,
        head_dim=4,
        image_size=16,
        vit_patch_size=4,
        vit_num_heads=2,
        vit_hidden_dim=8,
        vit_num_layers=2,
    ),
    "parseq": lambda: models.PARSeqBackbone(
        image_encoder=models.ViTBackbone(
            image_shape=(32, 32, 3),
            patch_size=8,
            num_layers=2,
            num_heads=2,
            hidden_dim=8,
            mlp_dim=12,
            use_class_token=False,
        ),
        vocabulary_size=10,
        max_label_length=8,
        decoder_hidden_dim=8,
        num_decoder_layers=1,
        num_decoder_heads=2,
        decoder_mlp_dim=12,
    ),
    "phi3": lambda: models.Phi3Backbone(**_GROUPED),
    "qwen": lambda: models.QwenBackbone(**_GROUPED),
    "qwen3": lambda: models.Qwen3Backbone(**_GROUPED, head_dim=4),
    "qwen3_moe": lambda: models.Qwen3MoeBackbone(
        **_GROUPED, **_EXPERTS, moe_intermediate_dim=8, head_dim=4
    ),
    "qwen_moe": lambda: models.QwenMoeBackbone(
        **_GROUPED, **_EXPERTS, moe_intermediate_dim=8, shared_expert_intermediate_dim=8
    ),
    "resnet": resnet,
    "resnet_of_bottlenecks": lambda: resnet(block_type="bottleneck_block", use_pre_activation=True),
    "retinanet": lambda: models.RetinaNetBackbone(
        image_encoder=resnet(
            stackwise_num_filters=[64, 64, 64, 64],
            stackwise_num_blocks=[1, 1, 1, 1],
            stackwise_num_strides=[1, 2, 2, 2],
        ),
        min_level=3,
        max_level=6,
        use_p5=False,
        **_IMAGE,
    ),
    "roberta": lambda: models.RobertaBackbone(**_TEXT, **_PLACES),
    "roformer": lambda: models.RoformerV2Backbone(**_TEXT, head_size=4),
    "sam": sam,
    "segformer": lambda: models.SegFormerBackbone(image_encoder=mit(), projection_filters=8),
    "siglip": siglip,
    "smol": smol,
    "swin": lambda: models.SwinTransformerBackbone(
        embed_dim=8, depths=[1, 2], num_heads=[1, 2], window_size=4, **_IMAGE
    ),
    "t5": lambda: models.T5Backbone(**_TEXT),
    "t5gemma": lambda: models.T5GemmaBackbone(vocabulary_size=10, **_T5GEMMA, sliding_window=4),
    "vgg": lambda: models.VGGBackbone([1, 2], [4, 8], **_IMAGE),
    "video_prism": lambda: models.VideoPrismBackbone(
        num_frames=2,
        patch_size=8,
        hidden_dim=8,
        intermediate_dim=12,
        num_heads=2,
        num_spatial_layers=2,
        num_temporal_layers=1,
        num_auxiliary_layers=0,
        image_shape=(16, 16, 3),
    ),
    "vit": lambda: models.ViTBackbone(
        image_shape=(32, 32, 3), patch_size=8, num_layers=2, num_heads=2, hidden_dim=8, mlp_dim=12
    ),
    "vit_det": vit_det,
    "whisper": lambda: models.WhisperBackbone(
        **_TEXT, num_mels=8, max_encoder_sequence_length=8, max_decoder_sequence_length=8
    ),
    "xception": lambda: models.XceptionBackbone([[4, 4], [8, 8]], [True, False], **_IMAGE),
    "xlm_roberta": lambda: models.XLMRobertaBackbone(**_TEXT, **_PLACES),
    "xlnet": lambda: models.XLNetBackbone(**_TEXT),
}
